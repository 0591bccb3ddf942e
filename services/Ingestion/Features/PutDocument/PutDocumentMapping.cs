using RagPlatform.Ingestion.Features.GetDocument;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Ingestion.Features.PutDocument;

internal static class PutDocumentMapping
{
    public static DocumentSubmission ToSubmission(this PutDocumentRequest request) => (request.Header ?? new DocumentHeader()).ToSubmission(request.Content.Memory);

    public static DocumentSubmission ToSubmission(this DocumentHeader header, ReadOnlyMemory<byte> content) => new()
    {
        Tenant = header.Tenant,
        Collection = header.Collection,
        Id = header.Id,
        Uri = header.Uri,
        Title = header.Title,
        ContentType = header.ContentType,
        Metadata = new Dictionary<string, string>(header.Metadata),
        BatchId = header.BatchId,
        Content = content,
    };

    public static PutDocumentResponse ToResponse(this Registration registration) =>
        new() { Document = registration.Version.ToProto(), Unchanged = registration.Unchanged };
}
