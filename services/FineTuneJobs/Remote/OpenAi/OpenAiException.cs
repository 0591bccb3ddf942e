using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Text.Json;
using RagPlatform.FineTuneJobs.Jobs;

namespace RagPlatform.FineTuneJobs.Remote.OpenAi;

/// <summary>The endpoint said no, said nonsense, or could not be reached.</summary>
/// <param name="status">HTTP's; 0 where there was no answer.</param>
/// <param name="code">Theirs, such as insufficient_quota; may be empty.</param>
/// <param name="message">Theirs, or what happened.</param>
/// <param name="innerException">The cause.</param>
internal sealed class OpenAiException(int status, string code, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>A longer wish is kept to this, so that a broken header stops nothing for a day.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(10);

    public int Status => status;

    /// <summary>As its Retry-After says; null where it says nothing.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Trying again may help: no answer, a timeout, a rate limit or a fault of theirs. An account without money is no rate limit.</summary>
    public bool IsTransient => code != "insufficient_quota" && status is 0 or 408 or 409 or 429 or >= 500;

    public static OpenAiException Broken(string what) => new(502, "broken", $"The endpoint answered with {what}.");

    public static OpenAiException From(ClientResultException exception, DateTimeOffset now)
    {
        var response = exception.GetRawResponse();
        var (code, message) = response is null ? ("", exception.Message) : Describe(response, exception.Message);
        return new OpenAiException(exception.Status, code, message, exception) { RetryAfter = response is null ? null : DelayOf(response, now) };
    }

    /// <summary>Why the job failed and what to do, where trying again does not help.</summary>
    public JobFailure ToFailure() => status switch
    {
        401 or 403 => new JobFailure("OPENAI_REFUSED_KEY", $"OpenAI refused the key (HTTP {status}): {Message}", "Correct FineTuneJobs:OpenAi:ApiKey, restart the service, then make the job again."),
        404 => new JobFailure("OPENAI_NOT_FOUND", $"OpenAI does not know what the job needs (HTTP 404): {Message}", "Check base_model; what was deleted at OpenAI has to be made again with a new job."),
        429 => new JobFailure("OPENAI_QUOTA", $"The OpenAI account's quota is used up: {Message}", "Raise it at OpenAI, then make the job again."),
        413 => new JobFailure("OPENAI_FILE_TOO_LARGE", $"OpenAI takes no file of this size: {Message}", "Train on a part of the examples."),
        _ => new JobFailure("OPENAI_REFUSED", $"OpenAI refused the job (HTTP {status}{(code.Length > 0 ? $", {code}" : "")}): {Message}", "Mend what it names, then make the job again."),
    };

    private static (string Code, string Message) Describe(PipelineResponse response, string fallback)
    {
        try
        {
            using var json = JsonDocument.Parse(response.Content.ToMemory());
            return json.RootElement.ValueKind is JsonValueKind.Object && json.RootElement.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.Object
                ? (RemoteJob.Text(error, "code") is { Length: > 0 } code ? code : RemoteJob.Text(error, "type"), RemoteJob.Text(error, "message") is { Length: > 0 } message ? message : fallback)
                : ("", fallback);
        }
        catch (JsonException)
        {
            return ("", fallback);
        }
    }

    private static TimeSpan? DelayOf(PipelineResponse response, DateTimeOffset now)
    {
        if (!response.Headers.TryGetValue("Retry-After", out var value) || value is null)
        {
            return null;
        }

        var delay = double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < MaxDelay.TotalSeconds ? TimeSpan.FromSeconds(seconds)
            : DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at - now
            : MaxDelay;
        return delay < TimeSpan.Zero ? TimeSpan.Zero : delay > MaxDelay ? MaxDelay : delay;
    }
}
