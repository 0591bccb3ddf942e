using System.Net;
using System.Net.Http.Headers;

namespace RagPlatform.Embedding.Models;

/// <summary>
/// Asks a hub with Hugging Face's addresses (huggingface.co/docs/hub/api), and waits as long as it asks to when it is busy.
/// </summary>
/// <param name="http">Follows redirects, on which .NET drops the token, so that no other host sees it.</param>
/// <param name="hub">Base address.</param>
/// <param name="token">Of an account that may read private and gated repositories; empty for none. Never shown.</param>
/// <param name="answerTimeout">Longest wait for a response's headers, and for the next bytes of its body.</param>
/// <param name="time">The clock.</param>
public sealed class HubClient(HttpClient http, Uri hub, string token, TimeSpan answerTimeout, TimeProvider time)
{
    private const int MaxAttempts = 5;
    private const int MaxListingBytes = 16 * 1024 * 1024;

    /// <summary>The longest that one answer may ask to wait.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(5);

    public string Host => hub.Host;

    public TimeSpan AnswerTimeout => answerTimeout;

    private string Root => hub.AbsoluteUri.TrimEnd('/');

    public Uri AddressOf(string repository, string commit, string file) => new($"{Root}/{repository}/resolve/{commit}/{file}");

    /// <summary>The commit that a branch, tag or commit stands for now, with its files.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">There is no such repository or revision, it may not be read, or the hub cannot be reached.</exception>
    internal async Task<HubListing> ListAsync(string repository, string revision, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        var address = new Uri($"{Root}/api/models/{repository}/revision/{Uri.EscapeDataString(revision)}?blobs=true");
        var what = $"{repository}@{revision}";
        try
        {
            using var response = await GetAsync(address, from: 0, progress, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw Refusal(response, repository, what);
            }

            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(answerTimeout);
            await response.Content.LoadIntoBufferAsync(MaxListingBytes, patience.Token);
            return HubListing.Parse(await response.Content.ReadAsByteArrayAsync(patience.Token));
        }
        catch (InvalidDataException exception)
        {
            throw EmbeddingErrors.HubFailed($"{hub.Host} does not answer as a hub for {what}: {exception.Message}.");
        }
        catch (Exception exception) when (exception is HttpRequestException or ModelSourceException || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw EmbeddingErrors.HubFailed($"{hub.Host} cannot be reached for {what}: {Reason(exception)}.");
        }
    }

    /// <summary>The headers of an answer that is not "later"; the caller reads its body, and disposes it.</summary>
    /// <param name="address">On the hub.</param>
    /// <param name="from">First byte wanted (RFC 9110, section 14).</param>
    /// <param name="progress">Told when the hub asks to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ModelSourceException">It asks to wait too often or too long.</exception>
    public async Task<HttpResponseMessage> GetAsync(Uri address, long from, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var response = await SendAsync(address, from, cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
            {
                return response;
            }

            using (response)
            {
                var wait = WaitOf(response) ?? TimeSpan.FromSeconds(Math.Pow(2, attempt));
                var asked = $"{hub.Host} answers {(int)response.StatusCode} {response.ReasonPhrase} and asks to wait {wait.TotalSeconds:0} s";
                if (attempt == MaxAttempts || wait > MaxWait)
                {
                    throw new ModelSourceException($"{asked}, after {attempt} attempts");
                }

                progress.Report(new PullProgress(PullSteps.Waiting, asked));
                await Task.Delay(wait, time, cancellationToken);
            }
        }
    }

    /// <summary>Why the hub does not give something, with what to do.</summary>
    /// <param name="response">Not a success.</param>
    /// <param name="repository">OWNER/REPOSITORY.</param>
    /// <param name="what">Was asked for.</param>
    internal Grpc.Errors.ServiceException Refusal(HttpResponseMessage response, string repository, string what)
    {
        var answered = $"{hub.Host} answered {(int)response.StatusCode} {response.ReasonPhrase} for {what}";
        var code = response.Headers.TryGetValues("X-Error-Code", out var codes) ? codes.FirstOrDefault() ?? "" : "";
        var page = $"{Root}/{repository}";
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when code == "GatedRepo" || response.StatusCode is HttpStatusCode.Forbidden && token.Length > 0 =>
                EmbeddingErrors.HubGated(answered, page, token.Length > 0),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => EmbeddingErrors.HubUnauthorized(answered, page, token.Length > 0),
            HttpStatusCode.NotFound => EmbeddingErrors.HubNotFound(answered, code, page),
            _ => EmbeddingErrors.HubFailed($"{answered}."),
        };
    }

    internal string Reason(Exception exception) =>
        exception is OperationCanceledException ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"no answer within {answerTimeout.TotalSeconds} s") : exception.Message.TrimEnd('.');

    private async Task<HttpResponseMessage> SendAsync(Uri address, long from, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(answerTimeout);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Range = from > 0 ? new RangeHeaderValue(from, null) : null;
        request.Headers.Authorization = token.Length > 0 ? new AuthenticationHeaderValue("Bearer", token) : null;
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
    }

    private TimeSpan? WaitOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > time.GetUtcNow() ? date - time.GetUtcNow() : TimeSpan.Zero,
        _ => null,
    };
}
