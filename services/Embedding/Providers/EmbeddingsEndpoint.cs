using System.Net;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.Embedding.Providers;

/// <summary>One provider's POST /embeddings: tried again with growing, jittered delays, and left alone for a while when it keeps failing.</summary>
internal sealed class EmbeddingsEndpoint : IDisposable
{
    /// <summary>2,048 vectors of 1,536 numbers as text, with room.</summary>
    private const int MaxAnswerBytes = 128 * 1024 * 1024;

    private const int MaxReasonCharacters = 300;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string provider;
    private readonly ProviderOptions options;
    private readonly TimeProvider time;
    private readonly Uri endpoint;
    private readonly HttpClient http;
    private readonly ResiliencePipeline<EmbeddingsAnswer> pipeline;

    public EmbeddingsEndpoint(string provider, ProviderOptions options, TimeProvider time, ILogger logger)
    {
        this.provider = provider;
        this.options = options;
        this.time = time;
        endpoint = new Uri(options.BaseAddress.TrimEnd('/') + "/embeddings");
        // A redirect could carry the key to another host.
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        pipeline = ProviderResilience.Build(provider, options, time, logger);
    }

    /// <param name="texts">At most BatchTexts, with their prefixes.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">The provider refused, failed, or gave no usable answer.</exception>
    public async Task<EmbeddingsAnswer> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        try
        {
            return await pipeline.ExecuteAsync(async cancellation => await TryAsync(texts, cancellation), cancellationToken);
        }
        catch (TransientFailure last)
        {
            throw last.Failure;
        }
        catch (TimeoutRejectedException exception)
        {
            throw ProviderErrors.Unavailable(provider, endpoint, $"no answer within {options.TimeoutSeconds} s.", cause: exception);
        }
        catch (BrokenCircuitException exception)
        {
            throw ProviderErrors.Unavailable(provider, endpoint, $"it failed too often just now; it is left alone for a while.", exception.RetryAfter, exception);
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<EmbeddingsAnswer> TryAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        try
        {
            using var request = Request(texts);
            using var response = await http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw await FailureAsync(response, cancellationToken);
            }

            using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
            return EmbeddingsAnswer.Read(json.RootElement, texts.Count, provider);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError is HttpRequestError.ConfigurationLimitExceeded)
        {
            throw ProviderErrors.AnswerInvalid(provider, $"it has more than {MaxAnswerBytes} bytes.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new TransientFailure(ProviderErrors.Unavailable(provider, endpoint, exception.Message, cause: exception), retryAfter: null, isOverload: false);
        }
        catch (JsonException exception)
        {
            var failure = ProviderErrors.Unavailable(provider, endpoint, $"its answer is no whole JSON: {exception.Message}", cause: exception);
            throw new TransientFailure(failure, retryAfter: null, isOverload: false);
        }
    }

    private HttpRequestMessage Request(IReadOnlyList<string> texts)
    {
        var body = new Dictionary<string, object>(StringComparer.Ordinal) { ["model"] = options.Model, ["input"] = texts, ["encoding_format"] = options.EncodingFormat };
        if (options.SendDimension)
        {
            body["dimensions"] = options.Dimension;
        }

        // With its length, which not every server can do without.
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, Json)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = content };
        if (options.ApiKey.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey);
        }

        return request;
    }

    private async Task<Exception> FailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            return ProviderErrors.KeyRefused(provider, status);
        }

        var reason = await ReasonAsync(response, cancellationToken);
        var retryAfter = RetryAfter(response);
        return response.StatusCode switch
        {
            HttpStatusCode.NotFound => ProviderErrors.NotFound(provider, endpoint, options.Model, reason),
            HttpStatusCode.TooManyRequests => new TransientFailure(ProviderErrors.RateLimited(provider, retryAfter, reason), retryAfter, isOverload: true),
            HttpStatusCode.RequestTimeout => Transient(),
            _ when status >= 500 => Transient(),
            _ when status >= 400 => ProviderErrors.Refused(provider, status, reason),
            _ => ProviderErrors.AnswerInvalid(provider, $"HTTP {status}, which is no answer to this request."),
        };

        TransientFailure Transient() =>
            new(ProviderErrors.Unavailable(provider, endpoint, $"HTTP {status}, {reason}", retryAfter), retryAfter, isOverload: false);
    }

    /// <summary>Of the body what a person can read, without the key, should it quote it.</summary>
    private async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            using var json = JsonDocument.Parse(body);
            body = json.RootElement.ValueKind is JsonValueKind.Object && json.RootElement.TryGetProperty("error", out var error)
                ? error.ValueKind is JsonValueKind.Object && error.TryGetProperty("message", out var message) ? message.ToString() : error.ToString()
                : body;
        }
        catch (JsonException)
        {
            // A proxy's page, as it is.
        }

        body = options.ApiKey.Length > 0 ? body.Replace(options.ApiKey, "(the API key)", StringComparison.Ordinal) : body;
        return body.Length == 0 ? "it gave no reason." : body.Length <= MaxReasonCharacters ? body : string.Concat(body.AsSpan(0, MaxReasonCharacters), "...");
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - time.GetUtcNow();
        return asked is { } delay && delay < TimeSpan.Zero ? TimeSpan.Zero : asked;
    }
}
