using System.Runtime.CompilerServices;
using Terms = RagPlatform.Protos.Sources.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

public sealed partial class RagClient
{
    /// <summary>Makes a source of web pages, or changes the one of that name, and has it crawled.</summary>
    public async Task<WebSource> PutSourceAsync(WebSourceSettings source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var request = new V1.PutSourceRequest { Source = source.ToTerms() };
        return (await CallAsync(options => _gateway.PutSourceAsync(request, options), cancellationToken).ConfigureAwait(false)).Source.ToSource();
    }

    /// <summary>By name, without their urls.</summary>
    public async Task<IReadOnlyList<WebSource>> ListSourcesAsync(CancellationToken cancellationToken = default)
    {
        var response = await CallAsync(options => _gateway.ListSourcesAsync(new V1.ListSourcesRequest(), options), cancellationToken).ConfigureAwait(false);
        return [.. response.Sources.Select(source => source.ToSource())];
    }

    /// <summary>A source and some of its pages.</summary>
    /// <param name="name">The source.</param>
    /// <param name="state">All pages when null.</param>
    /// <param name="pageSize">Pages of the web at once, 1 to 1,000.</param>
    /// <param name="pageToken">Of the answer before; null for the first.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="RagException">NotFound when there is none.</exception>
    public async Task<WebSourcePages> GetSourceAsync(string name, PageState? state = null, int pageSize = 100, string? pageToken = null, CancellationToken cancellationToken = default)
    {
        var request = new V1.GetSourceRequest { Name = name, State = (Terms.PageState)(state ?? PageState.Listed), PageSize = pageSize, PageToken = pageToken ?? "" };
        var response = await CallAsync(options => _gateway.GetSourceAsync(request, options), cancellationToken).ConfigureAwait(false);
        return new WebSourcePages(response.Source.ToSource(), [.. response.Pages.Select(page => page.ToPage())], response.NextPageToken.Length > 0 ? response.NextPageToken : null);
    }

    /// <summary>Ends the source; its documents are deleted with it, or stay and belong to nobody.</summary>
    /// <returns>How many pages it had.</returns>
    public async Task<long> DeleteSourceAsync(string name, bool deleteDocuments, CancellationToken cancellationToken = default)
    {
        var request = new V1.DeleteSourceRequest { Name = name, DeleteDocuments = deleteDocuments };
        return (await CallAsync(options => _gateway.DeleteSourceAsync(request, options), cancellationToken).ConfigureAwait(false)).PageCount;
    }

    /// <summary>Has a source crawled now, or once more after the crawl that is under way.</summary>
    public async Task<WebSource> CrawlSourceAsync(string name, CancellationToken cancellationToken = default)
    {
        var request = new V1.CrawlSourceRequest { Name = name };
        return (await CallAsync(options => _gateway.CrawlSourceAsync(request, options), cancellationToken).ConfigureAwait(false)).Source.ToSource();
    }

    /// <summary>How the crawl stands, whenever that changes, until none runs or waits.</summary>
    public async IAsyncEnumerable<Crawl> WatchCrawlAsync(string name, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new V1.WatchCrawlRequest { Name = name };
        await foreach (var response in StreamAsync(options => _gateway.WatchCrawl(request, options), cancellationToken).ConfigureAwait(false))
        {
            yield return response.Crawl.ToCrawl();
        }
    }
}
