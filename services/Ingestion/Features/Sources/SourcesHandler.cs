using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using RagPlatform.Ingestion.Sources;
using RagPlatform.Ingestion.Sources.Crawling;
using RagPlatform.Ingestion.Sources.Web;

namespace RagPlatform.Ingestion.Features.Sources;

/// <summary>What callers ask of sources. What takes time is left to <see cref="CrawlService"/>.</summary>
public sealed class SourcesHandler(SourceStore sources, PageStore pages, SourceRules rules, CrawlService crawls, IOptions<WebSourceOptions> options, TimeProvider time)
{
    private const int DefaultPageSize = 100;
    private const int MaxPageSize = 1000;
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(0.5);

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument; FailedPrecondition: it is being removed, or keeps another collection; ResourceExhausted.</exception>
    public async Task<Source> PutAsync(string tenant, string name, SourceDefinition given, int intervalSeconds, int? graceSeconds, CancellationToken cancellationToken)
    {
        var key = SourceRules.CheckKey(tenant, name);
        var definition = rules.Check(given, intervalSeconds, graceSeconds);
        var source = await sources.PutAsync(key, definition, (former, count) => Check(former, definition, count), cancellationToken);
        crawls.Wake();
        return source;
    }

    public IReadOnlyList<Source> List(string tenant) => sources.List(Features.PutDocument.SubmissionRules.CheckTenant(tenant));

    /// <param name="state">All pages when null.</param>
    /// <param name="pageSize">1 to 1,000; 100 when 0.</param>
    /// <param name="after">The address that the page before ended with.</param>
    public SourceWithPages Get(string tenant, string name, PageState? state, int pageSize, string after)
    {
        var key = SourceRules.CheckKey(tenant, name);
        if (pageSize is < 0 or > MaxPageSize)
        {
            throw IngestionErrors.Invalid("page_size", $"{pageSize} is outside 1 to {MaxPageSize}.", $"Leave it out for {DefaultPageSize}.");
        }

        var size = pageSize == 0 ? DefaultPageSize : pageSize;
        var source = Find(key);
        var some = pages.List(key, state, after, size + 1);
        return some.Count > size ? new SourceWithPages(source, [.. some.Take(size)], some[size - 1].Url) : new SourceWithPages(source, some, "");
    }

    /// <returns>How many pages it had.</returns>
    public async Task<long> DeleteAsync(string tenant, string name, bool deletesDocuments, CancellationToken cancellationToken)
    {
        var key = SourceRules.CheckKey(tenant, name);
        var count = Find(key).PageCount;
        if (!await sources.RequestRemovalAsync(key, deletesDocuments ? SourceRemoval.DeleteDocuments : SourceRemoval.KeepDocuments, cancellationToken))
        {
            throw SourceErrors.NotFound(name);
        }

        crawls.Wake();
        return count;
    }

    public async Task<Source> CrawlAsync(string tenant, string name, CancellationToken cancellationToken)
    {
        var key = SourceRules.CheckKey(tenant, name);
        if (!await sources.RequestCrawlAsync(key, cancellationToken))
        {
            throw SourceErrors.NotFound(name);
        }

        crawls.Wake();
        return Find(key);
    }

    /// <summary>How the crawl stands, whenever that changes, until none runs or waits.</summary>
    public async IAsyncEnumerable<CrawlStanding> WatchAsync(string tenant, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var key = SourceRules.CheckKey(tenant, name);
        using var timer = new PeriodicTimer(ProgressInterval, time);
        CrawlStanding? last = null;
        do
        {
            var crawl = Find(key).Crawl;
            if (crawl != last)
            {
                yield return crawl;
            }

            last = crawl;
        }
        while (last.State is CrawlState.Waiting or CrawlState.Running && await timer.WaitForNextTickAsync(cancellationToken));
    }

    private Source Find(SourceKey key) => sources.Find(key) is { Removal: SourceRemoval.None } source ? source : throw SourceErrors.NotFound(key.Name);

    private void Check(Source? former, SourceDefinition definition, long count)
    {
        if (former is null)
        {
            _ = count < options.Value.MaxSourcesPerTenant ? true : throw SourceErrors.TooMany(count, options.Value.MaxSourcesPerTenant);
        }
        else if (former.Removal is not SourceRemoval.None)
        {
            throw SourceErrors.BeingRemoved(former.Key.Name);
        }
        else if (former.Definition.Collection != definition.Collection)
        {
            throw SourceErrors.OtherCollection(former);
        }
    }
}

/// <param name="Source">The source.</param>
/// <param name="Pages">Some of its pages.</param>
/// <param name="NextAfter">Empty on the last page of the list.</param>
public sealed record SourceWithPages(Source Source, IReadOnlyList<SourcePage> Pages, string NextAfter);
