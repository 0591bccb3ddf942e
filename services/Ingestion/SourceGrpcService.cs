using Grpc.Core;
using RagPlatform.Ingestion.Features.Sources;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Ingestion;

public sealed class SourceGrpcService(SourcesHandler sources) : SourceService.SourceServiceBase
{
    public override async Task<PutSourceResponse> PutSource(PutSourceRequest request, ServerCallContext context)
    {
        var source = request.Source ?? new();
        return new() { Source = (await sources.PutAsync(request.Tenant, source.Name, source.ToDefinition(), source.CrawlIntervalSeconds, source.ToGraceSeconds(), context.CancellationToken)).ToTerms(withUrls: true) };
    }

    public override Task<ListSourcesResponse> ListSources(ListSourcesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListSourcesResponse { Sources = { sources.List(request.Tenant).Select(source => source.ToTerms(withUrls: false)) } });

    public override Task<GetSourceResponse> GetSource(GetSourceRequest request, ServerCallContext context)
    {
        var found = sources.Get(request.Tenant, request.Name, request.State.ToState(), request.PageSize, request.PageToken);
        return Task.FromResult(new GetSourceResponse { Source = found.Source.ToTerms(withUrls: request.PageToken.Length == 0), Pages = { found.Pages.Select(page => page.ToTerms()) }, NextPageToken = found.NextAfter });
    }

    public override async Task<DeleteSourceResponse> DeleteSource(DeleteSourceRequest request, ServerCallContext context) =>
        new() { PageCount = await sources.DeleteAsync(request.Tenant, request.Name, request.DeleteDocuments, context.CancellationToken) };

    public override async Task<CrawlSourceResponse> CrawlSource(CrawlSourceRequest request, ServerCallContext context) =>
        new() { Source = (await sources.CrawlAsync(request.Tenant, request.Name, context.CancellationToken)).ToTerms(withUrls: false) };

    public override async Task WatchCrawl(WatchCrawlRequest request, IServerStreamWriter<WatchCrawlResponse> responseStream, ServerCallContext context)
    {
        await foreach (var crawl in sources.WatchAsync(request.Tenant, request.Name, context.CancellationToken))
        {
            await responseStream.WriteAsync(new WatchCrawlResponse { Crawl = crawl.ToTerms() }, context.CancellationToken);
        }
    }
}
