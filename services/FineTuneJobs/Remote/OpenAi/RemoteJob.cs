using System.Text.Json;

namespace RagPlatform.FineTuneJobs.Remote.OpenAi;

/// <summary>A fine-tuning job as the API shows it (https://platform.openai.com/docs/api-reference/fine-tuning/object).</summary>
/// <param name="Id">Theirs.</param>
/// <param name="Status">validating_files, queued, running, paused, succeeded, failed or cancelled; others are taken for running.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="Model">That was made; empty until it succeeded.</param>
/// <param name="Error">Why it failed; null otherwise.</param>
/// <param name="TrainedTokens">0 until it succeeded.</param>
/// <param name="SecondsLeft">By their estimate; 0 while they give none.</param>
/// <param name="HyperParameters">As they are used, "auto" until it is resolved.</param>
/// <param name="OwnJob">The id of our job that it was made for; empty where another made it.</param>
internal sealed record RemoteJob(
    string Id, string Status, DateTimeOffset CreatedAt, string Model, RemoteError? Error, long TrainedTokens, double SecondsLeft, IReadOnlyDictionary<string, string> HyperParameters, string OwnJob)
{
    /// <summary>In a job's metadata: the id of ours.</summary>
    public const string OwnJobKey = "ragplatform_job";

    public bool IsOver => Status is "succeeded" or "failed" or "cancelled";

    /// <exception cref="OpenAiException">It is no job.</exception>
    public static RemoteJob Read(JsonElement json, DateTimeOffset now)
    {
        if (Text(json, "id") is not { Length: > 0 } id || Text(json, "status") is not { Length: > 0 } status)
        {
            throw OpenAiException.Broken("a job without id or status");
        }

        var error = json.TryGetProperty("error", out var given) && given.ValueKind is JsonValueKind.Object && Text(given, "message").Length > 0
            ? new RemoteError(Text(given, "code"), Text(given, "message"), Text(given, "param"))
            : null;
        var finish = Number(json, "estimated_finish");
        return new RemoteJob(
            id, status, DateTimeOffset.FromUnixTimeSeconds((long)Number(json, "created_at")), Text(json, "fine_tuned_model"), error, (long)Number(json, "trained_tokens"),
            finish > 0 ? Math.Max(0, finish - now.ToUnixTimeSeconds()) : 0, HyperParametersOf(json),
            json.TryGetProperty("metadata", out var metadata) && metadata.ValueKind is JsonValueKind.Object ? Text(metadata, OwnJobKey) : "");
    }

    internal static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";

    internal static double Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : 0;

    private static Dictionary<string, string> HyperParametersOf(JsonElement json)
    {
        var used = new Dictionary<string, string>(StringComparer.Ordinal);
        var found = json.TryGetProperty("method", out var method) && method.ValueKind is JsonValueKind.Object && method.TryGetProperty("supervised", out var supervised)
            && supervised.ValueKind is JsonValueKind.Object && supervised.TryGetProperty("hyperparameters", out var inner) ? inner
            : json.TryGetProperty("hyperparameters", out var outer) ? outer
            : default;
        if (found.ValueKind is JsonValueKind.Object)
        {
            foreach (var property in found.EnumerateObject().Where(property => property.Value.ValueKind is JsonValueKind.Number or JsonValueKind.String))
            {
                used[property.Name] = property.Value.ToString();
            }
        }

        return used;
    }
}

/// <param name="Code">Theirs, such as invalid_training_file.</param>
/// <param name="Message">For people.</param>
/// <param name="Parameter">At fault; empty where none is.</param>
internal sealed record RemoteError(string Code, string Message, string Parameter);

/// <param name="Id">Theirs.</param>
/// <param name="Level">info, warn or error.</param>
/// <param name="Message">For people.</param>
/// <param name="Metrics">By their names, with "step" and "total_steps"; empty for a plain message.</param>
internal sealed record RemoteEvent(string Id, string Level, string Message, IReadOnlyDictionary<string, double> Metrics)
{
    public static RemoteEvent Read(JsonElement json)
    {
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        if (RemoteJob.Text(json, "type") == "metrics" && json.TryGetProperty("data", out var data) && data.ValueKind is JsonValueKind.Object)
        {
            foreach (var property in data.EnumerateObject().Where(property => property.Value.ValueKind is JsonValueKind.Number))
            {
                metrics[property.Name] = RemoteJob.Number(data, property.Name);
            }
        }

        return new RemoteEvent(
            RemoteJob.Text(json, "id") is { Length: > 0 } id ? id : throw OpenAiException.Broken("an event without id"),
            RemoteJob.Text(json, "level") is "warn" or "error" ? RemoteJob.Text(json, "level") : "info", RemoteJob.Text(json, "message"), metrics);
    }
}

/// <param name="Model">That the checkpoint is.</param>
/// <param name="Step">After which it was taken.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="ValidationLoss">Over the whole validation file; null where there is none.</param>
/// <param name="ValidationAccuracy">Of tokens, likewise.</param>
internal sealed record RemoteCheckpoint(string Model, long Step, DateTimeOffset CreatedAt, double? ValidationLoss, double? ValidationAccuracy)
{
    public static RemoteCheckpoint Read(JsonElement json)
    {
        var metrics = json.TryGetProperty("metrics", out var given) && given.ValueKind is JsonValueKind.Object ? given : default;
        return new RemoteCheckpoint(
            RemoteJob.Text(json, "fine_tuned_model_checkpoint"), (long)RemoteJob.Number(json, "step_number"), DateTimeOffset.FromUnixTimeSeconds((long)RemoteJob.Number(json, "created_at")),
            Find(metrics, "full_valid_loss"), Find(metrics, "full_valid_mean_token_accuracy"));
    }

    private static double? Find(JsonElement metrics, string name) =>
        metrics.ValueKind is JsonValueKind.Object && metrics.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number ? value.GetDouble() : null;
}
