using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace RagPlatform.Ingestion.Sources.Web;

/// <summary>
/// Asks the web for one thing: redirects are followed by hand and judged each, the body is read piece by piece up to a limit
/// that counts what it unpacks to, and nothing takes longer than it may.
/// </summary>
public sealed class WebFetcher : IDisposable
{
    private const int BufferBytes = 64 * 1024;
    private const int Attempts = 3;
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromSeconds(1);

    private readonly WebAddressRules _rules;
    private readonly HostTurns _turns;
    private readonly WebSourceOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public WebFetcher(WebAddressRules rules, GuardedConnector connector, HostTurns turns, IOptions<WebSourceOptions> options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(connector);
        ArgumentNullException.ThrowIfNull(options);
        (_rules, _turns, _options, _time) = (rules, turns, options.Value, time);
        _client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = connector.ConnectAsync,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            UseProxy = false, // a proxy would resolve names by itself, past the check
            UseCookies = false,
            MaxResponseHeadersLength = 64,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders = { { "User-Agent", _options.UserAgent } },
        };
    }

    /// <summary>As <see cref="FetchAsync"/>, three times where that may help.</summary>
    public async Task<FetchedContent> FetchPatientlyAsync(Uri url, KnownContent? known, int maxBytes, Func<Uri, CancellationToken, Task>? judge, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await FetchAsync(url, known, maxBytes, judge, cancellationToken);
            }
            catch (FetchException exception) when (exception.Failure.IsTransient && attempt < Attempts)
            {
                await Task.Delay(FirstRetryDelay * Math.Pow(4, attempt - 1), _time, cancellationToken);
            }
        }
    }

    /// <param name="url">Where it is.</param>
    /// <param name="known">What is known of an earlier answer, so that an unchanged thing need not be sent; null for nothing.</param>
    /// <param name="maxBytes">Of the body, unpacked.</param>
    /// <param name="judge">Asked for every address before it is asked for, redirects included.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FetchException">There is no usable answer. 404 and 410 are told by their status.</exception>
    public async Task<FetchedContent> FetchAsync(Uri url, KnownContent? known, int maxBytes, Func<Uri, CancellationToken, Task>? judge, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        var at = _rules.Check(url);
        for (var redirects = 0; ; redirects++)
        {
            await (judge?.Invoke(at, cancellationToken) ?? Task.CompletedTask);
            using var turn = await _turns.EnterAsync(at.IdnHost, cancellationToken);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(_options.RequestTimeoutSeconds), _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                using var request = Request(at, known);
                using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
                var status = (int)response.StatusCode;
                if (status is 301 or 302 or 303 or 307 or 308)
                {
                    at = redirects < _options.MaxRedirects ? Target(at, response) : throw new FetchException(WebFailure.TooManyRedirects(url, _options.MaxRedirects));
                    continue;
                }

                return status switch
                {
                    304 when known is not null => new FetchedContent(at, status, [], "", Known(response)),
                    404 or 410 => new FetchedContent(at, status, [], "", KnownContent.None),
                    200 => new FetchedContent(at, status, await ReadAsync(at, response, maxBytes, both.Token), Short(response.Content.Headers.ContentType?.ToString()), Known(response)),
                    _ => throw new FetchException(WebFailure.Status(at, status)),
                };
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new FetchException(WebFailure.TimedOut(at, $"was not answered within {_options.RequestTimeoutSeconds} s"));
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                throw new FetchException(WebFailure.Unreachable(at, "the connection was given up."), exception);
            }
            catch (HttpRequestException exception)
            {
                throw exception.InnerException as FetchException ?? new FetchException(WebFailure.Unreachable(at, Problem(exception)), exception);
            }
            catch (IOException exception)
            {
                throw new FetchException(WebFailure.Unreachable(at, exception.Message), exception);
            }
            catch (InvalidDataException exception)
            {
                throw new FetchException(WebFailure.Unreachable(at, $"its body is packed wrongly: {exception.Message}"), exception);
            }
        }
    }

    public void Dispose() => _client.Dispose();

    private static HttpRequestMessage Request(Uri url, KnownContent? known)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionOrHigher };
        if (known is { ETag.Length: > 0 } && EntityTagHeaderValue.TryParse(known.ETag, out var tag))
        {
            request.Headers.IfNoneMatch.Add(tag);
        }

        if (known is { LastModified.Length: > 0 })
        {
            request.Headers.TryAddWithoutValidation("If-Modified-Since", known.LastModified);
        }

        return request;
    }

    private Uri Target(Uri from, HttpResponseMessage response) =>
        response.Headers.Location is { } location && Uri.TryCreate(from, location, out var target)
            ? _rules.Check(target)
            : throw new FetchException(WebFailure.NoTarget(from, (int)response.StatusCode));

    private async Task<byte[]> ReadAsync(Uri url, HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > maxBytes)
        {
            throw new FetchException(WebFailure.TooLarge(url, maxBytes));
        }

        using var whole = new MemoryStream();
        var buffer = new byte[BufferBytes];
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        while (true)
        {
            using var idle = new CancellationTokenSource(TimeSpan.FromSeconds(_options.IdleTimeoutSeconds), _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
            int read;
            try
            {
                read = await body.ReadAsync(buffer, both.Token);
            }
            catch (OperationCanceledException) when (idle.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new FetchException(WebFailure.TimedOut(url, $"sent nothing for {_options.IdleTimeoutSeconds} s"));
            }

            if (read == 0)
            {
                return whole.ToArray();
            }

            whole.Write(buffer, 0, read);
            if (whole.Length > maxBytes)
            {
                throw new FetchException(WebFailure.TooLarge(url, maxBytes));
            }
        }
    }

    private static KnownContent Known(HttpResponseMessage response) => new(
        Short(response.Headers.ETag?.ToString()),
        Short(response.Content.Headers.TryGetValues("Last-Modified", out var values) ? values.FirstOrDefault() : null));

    /// <summary>A server that says more, or what no header may carry back, is not told it again.</summary>
    private static string Short(string? value) => value is { Length: <= 512 } && !value.AsSpan().ContainsAnyExceptInRange(' ', '~') ? value : "";

    private static string Problem(HttpRequestException exception) => exception.InnerException is SocketException socket ? socket.Message : exception.Message;
}

/// <summary>What a server said of a thing, to be asked whether it still holds.</summary>
public sealed record KnownContent(string ETag, string LastModified)
{
    public static KnownContent None { get; } = new("", "");
}

/// <param name="Url">After all redirects.</param>
/// <param name="Status">200, 304, 404 or 410.</param>
/// <param name="Body">Unpacked; empty unless the status is 200.</param>
/// <param name="ContentType">With its parameters, as the server says it.</param>
/// <param name="Known">For the next time.</param>
public sealed record FetchedContent(Uri Url, int Status, byte[] Body, string ContentType, KnownContent Known);
