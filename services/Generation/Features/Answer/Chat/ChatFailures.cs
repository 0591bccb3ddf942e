using System.ClientModel;
using System.Text.Json;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.Generation.Features.Answer.Chat;

/// <summary>What an endpoint's failure means: which are worth another try, and what the caller is told.</summary>
internal static class ChatFailures
{
    private static readonly TimeSpan DefaultRetryDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMinutes(5);

    public static bool IsTransient(Exception exception) => exception switch
    {
        ClientResultException failure => failure.Status is 0 or 408 or 429 or >= 500,
        HttpRequestException or IOException => true,
        _ => false,
    };

    /// <summary>The failure to report; null when the exception is one already, or no failure of the endpoint's.</summary>
    /// <param name="hasBegun">Something of the answer has arrived.</param>
    public static ServiceException? Translate(Exception exception, Uri endpoint, bool hasBegun) => exception switch
    {
        ServiceException => null,
        IOException or HttpRequestException or ClientResultException { Status: 0 } when hasBegun => GenerationErrors.EndpointBroken(endpoint, "broke off its answer", exception),
        ClientResultException { Status: 0 } => GenerationErrors.EndpointUnreachable(endpoint, exception),
        ClientResultException { Status: 401 or 403 } refusal => GenerationErrors.EndpointRefused(endpoint, refusal.Status, "Generation:OpenAI:ApiKey", refusal),
        ClientResultException { Status: 404 } refusal => GenerationErrors.EndpointRefused(endpoint, refusal.Status, "Generation:OpenAI:Model or Generation:OpenAI:BaseUrl", refusal),
        ClientResultException { Status: 429 } busy => GenerationErrors.EndpointBusy(endpoint, RetryDelay(busy), busy),
        ClientResultException { Status: 400 or 413 or 422 } refusal => GenerationErrors.EndpointRefused(endpoint, refusal.Status, "Generation:OpenAI:MaxContextCharacters or Generation:OpenAI:MaxOutputTokens", refusal),
        ClientResultException failure => GenerationErrors.EndpointFailed(endpoint, failure.Status, failure),
        HttpIOException or EndOfStreamException => GenerationErrors.EndpointBroken(endpoint, "broke off its answer", exception),
        HttpRequestException or IOException => GenerationErrors.EndpointUnreachable(endpoint, exception),
        JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException =>
            GenerationErrors.EndpointBroken(endpoint, "sent something that is no chat completion", exception),
        _ => null,
    };

    private static TimeSpan RetryDelay(ClientResultException failure)
    {
        var seconds = failure.GetRawResponse()?.Headers.TryGetValue("Retry-After", out var value) == true
            && int.TryParse(value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var parsed)
                ? TimeSpan.FromSeconds(parsed)
                : DefaultRetryDelay;
        return seconds < MaxRetryDelay ? seconds : MaxRetryDelay;
    }
}
