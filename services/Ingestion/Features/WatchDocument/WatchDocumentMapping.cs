using RagPlatform.Ingestion.Features.GetDocument;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Ingestion.Features.WatchDocument;

internal static class WatchDocumentMapping
{
    public static WatchDocumentResponse ToResponse(this Registry.DocumentEvent entry) => new() { Event = entry.ToProto() };
}
