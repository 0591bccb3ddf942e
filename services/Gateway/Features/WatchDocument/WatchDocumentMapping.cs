using Downstream = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.WatchDocument;

internal static class WatchDocumentMapping
{
    public static Downstream.WatchDocumentRequest ToIngestion(this V1.WatchDocumentRequest request, string tenant) =>
        new() { Tenant = tenant, Collection = CollectionName.OrDefault(request.Collection), Id = request.Id };

    public static V1.WatchDocumentResponse ToGateway(this Downstream.WatchDocumentResponse response) =>
        new() { Event = response.Event.ToGateway() };
}
