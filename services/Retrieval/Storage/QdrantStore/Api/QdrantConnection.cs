using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;
using Polly.Timeout;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.Retrieval.Storage.QdrantStore.Api;

/// <summary>
/// Sends one request and reads its answer: key, time limit of each try, retries of what may pass, errors. Every request
/// that this store makes may be repeated: points have ids of their own, deletions name what goes.
/// </summary>
internal sealed class QdrantConnection
{
    public const string HttpClientName = "qdrant";

    /// <summary>Of one answer. A page of chunks with vectors is a hundredth of it.</summary>
    public const int MaxResponseBytes = 256 * 1024 * 1024;

    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(10);

    private readonly IHttpClientFactory _clients;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;
    private readonly string _apiKey;

    public QdrantConnection(IHttpClientFactory clients, IOptions<QdrantOptions> options, TimeProvider time)
    {
        (_clients, _apiKey) = (clients, options.Value.ApiKey);
        Address = new Uri(options.Value.Url.TrimEnd('/') + "/");
        _pipeline = Pipeline(options.Value, time);
    }

    public Uri Address { get; }

    /// <param name="path">Relative to the server's root, names escaped.</param>
    /// <param name="body">Made anew for each try; null: none.</param>
    /// <param name="tolerated">A refusal that says that the work is done, or that there is nothing to answer.</param>
    /// <returns>Default for the tolerated refusal.</returns>
    /// <exception cref="ServiceException">No answer in time or at all, or a refusal.</exception>
    public async Task<TResult?> SendAsync<TResult>(
        HttpMethod method, string path, Func<HttpContent>? body, JsonTypeInfo<QdrantResponse<TResult>> resultType,
        CancellationToken cancellationToken, HttpStatusCode? tolerated = null)
    {
        var request = $"{method} {path}";
        using var response = await AskAsync(() => Message(method, path, body?.Invoke()), request, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return await ReadAsync(response, resultType, request, cancellationToken);
        }

        return response.StatusCode == tolerated ? default : throw await RefusalAsync(response, request, cancellationToken);
    }

    private async Task<HttpResponseMessage> AskAsync(Func<HttpRequestMessage> message, string request, CancellationToken cancellationToken)
    {
        try
        {
            return await _pipeline.ExecuteAsync(
                async token =>
                {
                    using var sent = message();
                    return await _clients.CreateClient(HttpClientName).SendAsync(sent, HttpCompletionOption.ResponseContentRead, token);
                },
                cancellationToken);
        }
        catch (TimeoutRejectedException exception)
        {
            throw QdrantErrors.Unavailable(Address, request, $"it took longer than {exception.Timeout.TotalSeconds} seconds.", exception);
        }
        catch (HttpRequestException exception)
        {
            throw QdrantErrors.Unavailable(Address, request, exception.Message, exception);
        }
    }

    private HttpRequestMessage Message(HttpMethod method, string path, HttpContent? content)
    {
        var message = new HttpRequestMessage(method, new Uri(Address, path)) { Content = content };
        if (_apiKey.Length > 0)
        {
            message.Headers.Add("api-key", _apiKey);
        }

        return message;
    }

    private async Task<TResult> ReadAsync<TResult>(
        HttpResponseMessage response, JsonTypeInfo<QdrantResponse<TResult>> type, string request, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await response.Content.ReadFromJsonAsync(type, cancellationToken);
            return answer is null ? throw new JsonException("null is no answer.") : answer.Result;
        }
        catch (JsonException exception)
        {
            throw QdrantErrors.Unavailable(Address, request, $"its answer is none of Qdrant's: {exception.Message}", exception);
        }
    }

    private async Task<ServiceException> RefusalAsync(HttpResponseMessage response, string request, CancellationToken cancellationToken)
    {
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            return QdrantErrors.KeyRefused(Address, response.StatusCode);
        }

        var reason = await ReasonAsync(response, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return QdrantErrors.Missing(Address, request, reason);
        }

        return IsTransient(response.StatusCode)
            ? QdrantErrors.Unavailable(Address, request, $"HTTP {(int)response.StatusCode}, {reason}")
            : QdrantErrors.Refused(Address, request, response.StatusCode, reason);
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var refusal = await response.Content.ReadFromJsonAsync(QdrantJson.Default.QdrantRefusal, cancellationToken);
            return refusal?.Status?.Error ?? "it gave no reason.";
        }
        catch (JsonException)
        {
            return "its answer is none of Qdrant's.";
        }
    }

    private static ResiliencePipeline<HttpResponseMessage> Pipeline(QdrantOptions options, TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        if (options.MaxRetries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                    .Handle<HttpRequestException>().Handle<TimeoutRejectedException>().HandleResult(response => IsTransient(response.StatusCode)),
                MaxRetryAttempts = options.MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(options.RetryDelayMilliseconds),
                MaxDelay = MaxRetryDelay,
                DelayGenerator = arguments => ValueTask.FromResult(AskedDelay(arguments.Outcome.Result)),
            });
        }

        return builder.AddTimeout(TimeSpan.FromSeconds(options.TimeoutSeconds)).Build();
    }

    /// <summary>What the server asks for (rate limits of strict mode do), within our own limit.</summary>
    private static TimeSpan? AskedDelay(HttpResponseMessage? response) =>
        response?.Headers.RetryAfter?.Delta is { } delay ? TimeSpan.FromTicks(Math.Min(delay.Ticks, MaxRetryDelay.Ticks)) : null;

    private static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500;
}
