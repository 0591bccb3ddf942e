using System.Text.Json;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuneJobs.Workers.Protocol;

/// <summary>Reads the lines that a trainer writes. What is no JSON object is a log line of the trainer's own.</summary>
internal static class TrainerLines
{
    public const int MaxLineBytes = 1024 * 1024;

    private const int MaxNameCharacters = 100;
    public const int MaxTextCharacters = 2000;
    private const int MaxEntries = 1000;
    private static readonly string[] Levels = ["info", "warn", "error"];

    /// <summary>Null for what is to be passed over: logs of the trainer's own, and types of a later version.</summary>
    /// <exception cref="ProtocolException">It is of a known type, but a field is missing or wrong.</exception>
    public static TrainerLine? Read(ReadOnlyMemory<byte> line)
    {
        if (line.Span.TrimStart((byte)' ') is not [(byte)'{', ..])
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 16 });
            return Read(new LineFields(json.RootElement));
        }
        // Text with half a surrogate pair cannot be read either.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new ProtocolException($"a line begins with '{{' and is no JSON: {exception.Message}");
        }
    }

    private static TrainerLine? Read(LineFields fields) => fields.Text("type", MaxNameCharacters) switch
    {
        "progress" => new TrainerLine.Progress(new JobProgress
        {
            Step = fields.Count("step"),
            Steps = fields.Count("steps", 0),
            Epoch = fields.Number("epoch", 0),
            Tokens = fields.Count("tokens", 0),
            TokensPerSecond = fields.Number("tokens_per_second", 0),
            SecondsLeft = fields.Number("seconds_left", 0),
            Loss = fields.Number("loss", 0),
            ValidationLoss = fields.Number("validation_loss", 0),
            Phase = fields.Text("phase", MaxNameCharacters, "training"),
        }),
        "metric" => new TrainerLine.Metric(fields.Count("step"), fields.Text("name", MaxNameCharacters), fields.Number("value")),
        "checkpoint" => new TrainerLine.Checkpoint(fields.Count("step"), fields.RelativePath("path"), fields.OptionalNumber("validation_loss"), fields.Flag("is_best")),
        "event" => new TrainerLine.Event(fields.Choice("level", Levels, "info"), fields.Text("message", MaxTextCharacters)),
        "used" => new TrainerLine.Used(fields.Texts("facts", MaxEntries, MaxTextCharacters) ?? new Dictionary<string, string>(), fields.Texts("hyper_parameters", MaxEntries, MaxTextCharacters)),
        "paused" => new TrainerLine.Paused(),
        "result" => new TrainerLine.Result(fields.RelativePath("folder", "adapter"), fields.Texts("hyper_parameters", MaxEntries, MaxTextCharacters), Rows(fields)),
        "failure" => new TrainerLine.Failure(new JobFailure(
            fields.Text("code", MaxNameCharacters), fields.Text("problem", MaxTextCharacters), fields.Text("remedy", MaxTextCharacters, "Look at the job's events."))),
        _ => null,
    };

    private static IReadOnlyList<EvaluationRow> Rows(LineFields fields) =>
        [.. fields.Objects("rows", MaxEntries).Select(row => new EvaluationRow(row.Text("system", MaxNameCharacters), row.Numbers("metrics", MaxEntries)))];
}

/// <summary>A trainer wrote what the protocol does not allow.</summary>
internal sealed class ProtocolException(string problem) : Exception(problem);
