using RagPlatform.Ingestion.Announcing;
using RagPlatform.Ingestion.Features.GetDocument;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.DeleteDocument;

/// <summary>Retires a document by a new version; it is deleted when every index has reported it gone.</summary>
public sealed class DeleteDocumentHandler(DocumentWriter writer, DocumentAnnouncer announcer)
{
    /// <returns>The deletion under way.</returns>
    /// <exception cref="Grpc.Errors.ServiceException">NotFound: there is none, or it is deleted. InvalidArgument.</exception>
    public async Task<DocumentVersion> DeleteAsync(string tenant, string collection, string id, CancellationToken cancellationToken)
    {
        var deletion = await writer.RequestDeletionAsync(GetDocumentHandler.Key(tenant, collection, id), cancellationToken)
            ?? throw IngestionErrors.DocumentNotFound(collection, id);
        await announcer.TryAnnounceAsync(deletion, CancellationToken.None);
        return deletion;
    }
}
