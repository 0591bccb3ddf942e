using Grpc.Core;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.Protos.Sources.V1;

namespace RagPlatform.Gateway.Tests.Fakes;

/// <summary>The ingestion service's side of web sources.</summary>
internal sealed class FakeSources(FakeServices fakes) : SourceService.SourceServiceBase
{
    public override Task<PutSourceResponse> PutSource(PutSourceRequest request, ServerCallContext context) => Saw(request.Tenant, new PutSourceResponse { Source = request.Source });

    public override Task<ListSourcesResponse> ListSources(ListSourcesRequest request, ServerCallContext context) =>
        Saw(request.Tenant, new ListSourcesResponse { Sources = { new Source { Name = "s" } } });

    public override Task<GetSourceResponse> GetSource(GetSourceRequest request, ServerCallContext context) =>
        Saw(request.Tenant, new GetSourceResponse
        {
            Source = new Source { Name = request.Name },
            Pages = { new SourcePage { Url = $"{request.State} {request.PageSize}" } },
            NextPageToken = request.PageToken,
        });

    public override Task<DeleteSourceResponse> DeleteSource(DeleteSourceRequest request, ServerCallContext context) =>
        Saw(request.Tenant, new DeleteSourceResponse { PageCount = request.DeleteDocuments ? request.Name.Length : -1 });

    public override Task<CrawlSourceResponse> CrawlSource(CrawlSourceRequest request, ServerCallContext context) =>
        Saw(request.Tenant, new CrawlSourceResponse { Source = new Source { Name = request.Name } });

    public override async Task WatchCrawl(WatchCrawlRequest request, IServerStreamWriter<WatchCrawlResponse> responseStream, ServerCallContext context)
    {
        fakes.Saw(request.Tenant);
        await responseStream.WriteAsync(new WatchCrawlResponse { Crawl = new Crawl { Number = request.Name.Length } });
    }

    private Task<T> Saw<T>(string tenant, T response)
    {
        fakes.Saw(tenant);
        return Task.FromResult(response);
    }
}
