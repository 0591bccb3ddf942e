using Downstream = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.PutDocument;

internal static class PutDocumentMapping
{
    /// <summary>In one message; a larger document comes in pieces.</summary>
    public const int MaxContentBytes = 3 * 1024 * 1024;

    public static Downstream.PutDocumentRequest ToIngestion(this V1.PutDocumentRequest request, string tenant)
    {
        if (request.Content.Length > MaxContentBytes)
        {
            throw GatewayErrors.ContentTooLarge(request.Content.Length, MaxContentBytes);
        }

        return new() { Header = (request.Header ?? throw GatewayErrors.HeaderMissing()).ToIngestion(tenant), Content = request.Content };
    }

    public static Downstream.DocumentHeader ToIngestion(this V1.DocumentHeader header, string tenant) => new()
    {
        Tenant = tenant,
        Collection = CollectionName.OrDefault(header.Collection),
        Id = header.Id,
        Uri = header.Uri,
        Title = header.Title,
        ContentType = header.ContentType,
        Metadata = { header.Metadata },
        BatchId = header.BatchId,
    };

    public static V1.PutDocumentResponse ToGateway(this Downstream.PutDocumentResponse response) =>
        new() { Document = response.Document.ToGateway(), Unchanged = response.Unchanged };
}
