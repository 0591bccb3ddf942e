using Downstream = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.ListVersions;

internal static class ListVersionsMapping
{
    public static Downstream.ListVersionsRequest ToIngestion(this V1.ListVersionsRequest request, string tenant) => new()
    {
        Tenant = tenant,
        Collection = CollectionName.OrDefault(request.Collection),
        Id = request.Id,
        PageSize = request.PageSize,
        PageToken = request.PageToken,
    };

    public static V1.ListVersionsResponse ToGateway(this Downstream.ListVersionsResponse response) =>
        new() { Versions = { response.Versions.Select(version => version.ToGateway()) }, NextPageToken = response.NextPageToken };
}
