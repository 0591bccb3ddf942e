using RagPlatform.Ingestion.Announcing;
using RagPlatform.Ingestion.Features.GetDocument;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.DeleteDocument;

/// <summary>Retires a document by a new version; it is deleted when every index has reported it gone.</summary>
public sealed class DeleteDocumentHandler(DocumentWriter writer, DocumentAnnouncer announcer)
{
    /// <param name="tenant">Whose.</param>
    /// <param name="collection">Of the document.</param>
    /// <param name="id">The document.</param>
    /// <param name="batchId">That the deletion belongs to; empty for none.</param>
    /// <param name="cancellationToken">Ends the wait for the registry.</param>
    /// <returns>The deletion under way.</returns>
    /// <exception cref="Grpc.Errors.ServiceException">NotFound: there is none, or it is deleted. InvalidArgument.</exception>
    public async Task<DocumentVersion> DeleteAsync(string tenant, string collection, string id, string batchId, CancellationToken cancellationToken)
    {
        var deletion = await writer.RequestDeletionAsync(GetDocumentHandler.Key(tenant, collection, id), batchId, cancellationToken)
            ?? throw IngestionErrors.DocumentNotFound(collection, id);
        await announcer.TryAnnounceAsync(deletion, CancellationToken.None);
        return deletion;
    }
}
