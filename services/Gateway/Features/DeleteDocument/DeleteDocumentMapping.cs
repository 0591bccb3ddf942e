using Downstream = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.DeleteDocument;

internal static class DeleteDocumentMapping
{
    public static Downstream.DeleteDocumentRequest ToIngestion(this V1.DeleteDocumentRequest request, string tenant) =>
        new() { Tenant = tenant, Collection = CollectionName.OrDefault(request.Collection), Id = request.Id };

    public static V1.DeleteDocumentResponse ToGateway(this Downstream.DeleteDocumentResponse response) =>
        new() { Document = response.Document.ToGateway() };
}
