using Microsoft.Extensions.Options;
using RagPlatform.Ingestion.Sources.Web;

namespace RagPlatform.Ingestion.Sources.Crawling;

/// <summary>
/// One crawl of a source: the list, then every page of it, then what is gone. All is recorded as it happens; begun again after
/// a crash, it goes on with the pages that it has not asked for.
/// </summary>
public sealed class SourceCrawl(
    SourceStore sources, PageStore pages, PageCrawl pageCrawl, WebFetcher fetcher, WebAddressRules rules, IOptions<WebSourceOptions> options, TimeProvider time)
{
    private const int PagesAtOnce = 256;

    public async Task RunAsync(SourceKey key, CancellationToken cancellationToken)
    {
        if (await sources.BeginCrawlAsync(key, cancellationToken) is not { } source)
        {
            return;
        }

        var gate = new CrawlGate(new RobotsGate(fetcher, options));
        if (!source.Crawl.IsListed)
        {
            try
            {
                var list = await ListAsync(source.Definition, gate, cancellationToken);
                await pages.RecordListAsync(key, source.Crawl.Number, [.. list.Pages.Select(page => page.AbsoluteUri)], list.LeftOut, cancellationToken);
            }
            catch (FetchException exception)
            {
                await sources.EndCrawlAsync(key, SourceFailure.Of(exception.Failure), source.Definition.Interval, cancellationToken);
                return;
            }
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.PageConcurrency, CancellationToken = cancellationToken };
        while (pages.FindUndone(key, source.Crawl.Number, PagesAtOnce) is { Count: > 0 } undone)
        {
            await Parallel.ForEachAsync(undone, parallel, async (entry, token) => await DoAsync(source, entry.Page, entry.IsListed, gate, token));
        }

        await sources.EndCrawlAsync(key, failure: null, source.Definition.Interval, cancellationToken);
    }

    /// <summary>Deletes a source that is to be removed, and its documents where that is wanted.</summary>
    public async Task RemoveAsync(SourceKey key, CancellationToken cancellationToken)
    {
        if (sources.Find(key) is not { Removal: not SourceRemoval.None } source)
        {
            return;
        }

        if (source.Removal is SourceRemoval.DeleteDocuments)
        {
            for (var after = ""; pages.List(key, state: null, after, PagesAtOnce) is { Count: > 0 } some; after = some[^1].Url)
            {
                foreach (var page in some)
                {
                    await pageCrawl.DeleteAsync(source, page, cancellationToken);
                }
            }
        }

        await sources.DeleteAsync(key, cancellationToken);
    }

    private Task<PageList> ListAsync(SourceDefinition definition, CrawlGate gate, CancellationToken cancellationToken) =>
        definition.SitemapUrl.Length > 0
            ? new SitemapReader(fetcher, rules).ReadAsync(rules.Read(definition.SitemapUrl), options.Value.MaxPages, gate.CheckAsync, cancellationToken)
            : Task.FromResult(new PageList([.. definition.Urls.Take(options.Value.MaxPages).Select(url => new Uri(url))], Math.Max(0, definition.Urls.Count - options.Value.MaxPages)));

    private async Task DoAsync(Source source, SourcePage page, bool isListed, CrawlGate gate, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var done = isListed ? await pageCrawl.CrawlAsync(source, page, gate, cancellationToken) : PageCrawl.Missing(page, now);
        var isRemoved = done is { State: PageState.Missing, DocumentId.Length: > 0 } && now - done.MissingSince >= source.Definition.RemovalGrace;
        if (isRemoved)
        {
            await pageCrawl.DeleteAsync(source, done, cancellationToken);
            done = done with { DocumentId = "", ETag = "", LastModified = "", ContentHash = "" };
        }

        await (isListed || done.DocumentId.Length > 0
            ? pages.RecordAsync(source.Key, source.Crawl.Number, done, isRemoved, cancellationToken)
            : pages.ForgetAsync(source.Key, page.Url, isRemoved, cancellationToken));
    }
}
