using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace RagPlatform.Ingestion.Sources.Web;

/// <summary>Lets through what robots.txt allows, asked once for each host of a crawl.</summary>
public sealed class RobotsGate(WebFetcher fetcher, IOptions<WebSourceOptions> options)
{
    /// <summary>RFC 9309: at least 500 KiB are to be read.</summary>
    private const int MaxBytes = 512 * 1024;

    private readonly ConcurrentDictionary<string, Lazy<Task<RobotsRules>>> _byHost = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="FetchException">It is not allowed, or cannot be known.</exception>
    public async Task CheckAsync(Uri url, CancellationToken cancellationToken)
    {
        if (!options.Value.RespectRobots)
        {
            return;
        }

        // The first to ask asks for all: its end must not end the others' wait.
        var rules = await _byHost.GetOrAdd(url.GetLeftPart(UriPartial.Authority), host => new Lazy<Task<RobotsRules>>(() => ReadAsync(new Uri(host), CancellationToken.None))).Value.WaitAsync(cancellationToken);
        if (!rules.Allows(url))
        {
            throw new FetchException(WebFailure.RobotsDisallow(url));
        }
    }

    private async Task<RobotsRules> ReadAsync(Uri host, CancellationToken cancellationToken)
    {
        try
        {
            var found = await fetcher.FetchPatientlyAsync(new Uri(host, "/robots.txt"), known: null, MaxBytes, judge: null, cancellationToken);
            return found.Status == 200 ? RobotsRules.Read(found.Body, options.Value.UserAgent.Split('/')[0]) : RobotsRules.AllowAll;
        }
        catch (FetchException refused) when (refused.Failure is { HttpStatus: >= 400 and < 500 and not 429 })
        {
            return RobotsRules.AllowAll;
        }
        catch (FetchException unreachable) when (unreachable.Failure.IsTransient)
        {
            throw new FetchException(WebFailure.RobotsUnavailable(host, unreachable.Failure.Reason), unreachable);
        }
    }
}
