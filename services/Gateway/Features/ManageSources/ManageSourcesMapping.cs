using Downstream = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.ManageSources;

internal static class ManageSourcesMapping
{
    public static Downstream.PutSourceRequest ToIngestion(this V1.PutSourceRequest request, string tenant) => new() { Tenant = tenant, Source = request.Source };

    public static V1.PutSourceResponse ToGateway(this Downstream.PutSourceResponse response) => new() { Source = response.Source };

    public static V1.ListSourcesResponse ToGateway(this Downstream.ListSourcesResponse response) => new() { Sources = { response.Sources } };

    public static Downstream.GetSourceRequest ToIngestion(this V1.GetSourceRequest request, string tenant) =>
        new() { Tenant = tenant, Name = request.Name, State = request.State, PageSize = request.PageSize, PageToken = request.PageToken };

    public static V1.GetSourceResponse ToGateway(this Downstream.GetSourceResponse response) =>
        new() { Source = response.Source, Pages = { response.Pages }, NextPageToken = response.NextPageToken };

    public static Downstream.DeleteSourceRequest ToIngestion(this V1.DeleteSourceRequest request, string tenant) =>
        new() { Tenant = tenant, Name = request.Name, DeleteDocuments = request.DeleteDocuments };

    public static V1.DeleteSourceResponse ToGateway(this Downstream.DeleteSourceResponse response) => new() { PageCount = response.PageCount };

    public static V1.CrawlSourceResponse ToGateway(this Downstream.CrawlSourceResponse response) => new() { Source = response.Source };

    public static V1.WatchCrawlResponse ToGateway(this Downstream.WatchCrawlResponse response) => new() { Crawl = response.Crawl };
}
