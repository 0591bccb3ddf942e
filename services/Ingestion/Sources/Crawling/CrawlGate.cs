using System.Collections.Concurrent;
using RagPlatform.Ingestion.Sources.Web;

namespace RagPlatform.Ingestion.Sources.Crawling;

/// <summary>What one crawl asks for: what robots.txt allows, and no host that has stopped to answer.</summary>
public sealed class CrawlGate(RobotsGate robots)
{
    /// <summary>Pages in a row that failed for a reason of the host's; a dead one would else take minutes for each of thousands.</summary>
    private const int MaxFailures = 20;

    private readonly ConcurrentDictionary<string, int> _failures = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="FetchException">It is not to be asked for.</exception>
    public Task CheckAsync(Uri url, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        return _failures.GetValueOrDefault(url.Authority) < MaxFailures
            ? robots.CheckAsync(url, cancellationToken)
            : throw new FetchException(WebFailure.HostGivenUp(url, MaxFailures));
    }

    public void NoteAnswer(string url) => _failures.TryRemove(new Uri(url).Authority, out _);

    public void NoteFailure(string url, WebFailure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        if (failure.IsTransient)
        {
            _failures.AddOrUpdate(new Uri(url).Authority, 1, (_, count) => count + 1);
        }
    }
}
