using System.Collections.Concurrent;
using Grpc.Core;
using RagPlatform.Grpc;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.Protos.Sources.V1;

namespace RagPlatform.CommandLine.Tests;

/// <summary>Web sources whose crawls end at once: addresses with "broken" in them fail.</summary>
internal sealed partial class FakeGateway
{
    public ConcurrentDictionary<string, Protos.Sources.V1.Source> WebSources { get; } = new(StringComparer.Ordinal);

    public override Task<PutSourceResponse> PutSource(PutSourceRequest request, ServerCallContext context)
    {
        CheckKey(context);
        var source = request.Source.Clone();
        var failed = source.Urls.Count(url => url.Contains("broken", StringComparison.Ordinal));
        source.PageCount = source.Urls.Count;
        source.Crawl = new Crawl { Number = 1, State = CrawlState.Succeeded, PageCount = source.PageCount, DonePages = source.PageCount, ChangedPages = source.PageCount - failed, FailedPages = failed };
        WebSources[source.Name] = source;
        return Task.FromResult(new PutSourceResponse { Source = source });
    }

    public override Task<ListSourcesResponse> ListSources(ListSourcesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListSourcesResponse { Sources = { WebSources.Values.OrderBy(source => source.Name, StringComparer.Ordinal) } });

    public override Task<GetSourceResponse> GetSource(GetSourceRequest request, ServerCallContext context)
    {
        var source = FindSource(request.Name);
        var pages = source.Urls.Select(url => url.Contains("broken", StringComparison.Ordinal)
            ? new SourcePage { Url = url, State = PageState.Failed, HttpStatus = 500, Failure = new SourceFailure { Code = "HTTP_STATUS", Reason = $"{url} answered 500.", Remedy = "Mend it." } }
            : new SourcePage { Url = url, State = PageState.Changed, HttpStatus = 200, DocumentId = url });
        return Task.FromResult(new GetSourceResponse { Source = source, Pages = { pages.Where(page => request.State is PageState.Unspecified || page.State == request.State) } });
    }

    public override Task<DeleteSourceResponse> DeleteSource(DeleteSourceRequest request, ServerCallContext context)
    {
        var source = FindSource(request.Name);
        WebSources.TryRemove(request.Name, out _);
        return Task.FromResult(new DeleteSourceResponse { PageCount = source.PageCount });
    }

    public override Task<CrawlSourceResponse> CrawlSource(CrawlSourceRequest request, ServerCallContext context)
    {
        var source = FindSource(request.Name);
        source.Crawl = new Crawl { Number = source.Crawl.Number + 1, State = CrawlState.Succeeded, PageCount = source.PageCount, DonePages = source.PageCount, UnchangedPages = source.PageCount };
        return Task.FromResult(new CrawlSourceResponse { Source = source });
    }

    public override Task WatchCrawl(WatchCrawlRequest request, IServerStreamWriter<WatchCrawlResponse> responseStream, ServerCallContext context) =>
        responseStream.WriteAsync(new WatchCrawlResponse { Crawl = FindSource(request.Name).Crawl });

    private Protos.Sources.V1.Source FindSource(string name) =>
        WebSources.TryGetValue(name, out var source)
            ? source
            : throw new ServiceException(FailureKind.NotFound, "SOURCE_NOT_FOUND", $"name: there is no source '{name}'.").ToRpcException();
}
