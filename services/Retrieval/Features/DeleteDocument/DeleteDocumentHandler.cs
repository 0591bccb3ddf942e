using RagPlatform.Contracts;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Contracts.Retrieval;
using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval.Features.DeleteDocument;

/// <summary>Takes a document out of every index and reads back that it is gone.</summary>
internal sealed partial class DeleteDocumentHandler(DocumentWriter documents, ILogger<DeleteDocumentHandler> logger)
{
    /// <returns>What to tell the world; null if a higher version is visible, which the deletion does not concern.</returns>
    public async Task<DocumentUnindexed?> HandleAsync(DocumentDeletionRequested deletion, CancellationToken cancellationToken)
    {
        if (!Names.IsDocumentId(deletion.Document?.DocumentId))
        {
            throw RetrievalErrors.DocumentIdInvalid(deletion.Document?.DocumentId);
        }

        var collection = CollectionKey.Require(deletion.Document!.Tenant, deletion.Document.Collection);

        if (await documents.RemoveAsync(collection, deletion.Document.DocumentId, deletion.Version, cancellationToken))
        {
            LogRemoved(logger, deletion.Document, deletion.Version);
            return new DocumentUnindexed(deletion.Document, deletion.Version);
        }

        LogSuperseded(logger, deletion.Document, deletion.Version);
        return null;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Document} is gone from the index, by deletion {Version}")]
    private static partial void LogRemoved(ILogger logger, DocumentKey document, long version);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "Ignored deletion {Version} of {Document}: a higher version is visible")]
    private static partial void LogSuperseded(ILogger logger, DocumentKey document, long version);
}
