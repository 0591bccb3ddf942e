using Downstream = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.GetDocument;

internal static class GetDocumentMapping
{
    public static Downstream.GetDocumentRequest ToIngestion(this V1.GetDocumentRequest request, string tenant) =>
        new() { Tenant = tenant, Collection = CollectionName.OrDefault(request.Collection), Id = request.Id };

    public static V1.GetDocumentResponse ToGateway(this Downstream.GetDocumentResponse response) =>
        new() { Document = response.Document.ToGateway(), Events = { response.Events.Select(entry => entry.ToGateway()) } };
}
