using Downstream = RagPlatform.Protos.Retrieval.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.CountFacets;

internal static class CountFacetsMapping
{
    public static Downstream.CountFacetsRequest ToRetrieval(this V1.CountFacetsRequest request, string tenant) => new()
    {
        Tenant = tenant,
        Collection = CollectionName.OrDefault(request.Collection),
        Fields = { request.Fields },
        Filter = request.Filter,
        MaxValues = request.MaxValues,
    };

    public static V1.CountFacetsResponse ToGateway(this Downstream.CountFacetsResponse response) =>
        new() { Facets = { response.Facets }, DocumentCount = response.DocumentCount };
}
