using RagPlatform.Ingestion.Announcing;
using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.DeleteCollection;

/// <summary>
/// Retires every document of a collection, each as a single deletion does, some hundred in one step. What a call that
/// broke off has left is done by the next one.
/// </summary>
public sealed class DeleteCollectionHandler(DocumentWriter writer, DocumentAnnouncer announcer)
{
    /// <summary>A step holds the registry's only writer for some 50 ms.</summary>
    private const int StepDocuments = 256;

    /// <returns>How many documents are being deleted now.</returns>
    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument.</exception>
    public async Task<long> DeleteAsync(string tenant, string collection, CancellationToken cancellationToken)
    {
        SubmissionRules.CheckTenant(tenant);
        SubmissionRules.CheckCollection(collection);
        long count = 0;
        var isBusUp = true;
        IReadOnlyList<DocumentVersion> deletions = [];
        do
        {
            var afterId = deletions.Count > 0 ? deletions[^1].Key.DocumentId : "";
            deletions = await writer.RequestDeletionsAsync(tenant, collection, afterId, StepDocuments, cancellationToken);
            count += deletions.Count;
            // Where the bus does not take one step's announcements, the resumer makes them, and those of the steps after it.
            isBusUp = isBusUp && deletions.Count > 0 && await announcer.TryAnnounceAsync(deletions, CancellationToken.None);
        }
        while (deletions.Count == StepDocuments);

        return count;
    }
}
