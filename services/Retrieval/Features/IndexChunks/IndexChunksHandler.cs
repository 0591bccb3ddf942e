using System.Diagnostics;
using RagPlatform.Contracts;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Contracts.Retrieval;
using RagPlatform.Retrieval.Features.EmbedDocuments;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Features.IndexChunks;

/// <summary>Stages a batch; with the last one of a version, searches see that version.</summary>
internal sealed partial class IndexChunksHandler(DocumentWriter documents, DocumentEmbedding embedding, ILogger<IndexChunksHandler> logger)
{
    /// <returns>What to tell the world, each time the version is found visible; null as long as there is nothing to tell.</returns>
    public async Task<DocumentIndexed?> HandleAsync(ChunksEmbedded batch, CancellationToken cancellationToken)
    {
        BatchValidation.Check(batch);
        var collection = CollectionKey.Require(batch.Document.Tenant, batch.Document.Collection);
        var outcome = await documents.StageAsync(collection, batch, EmbedAsync, cancellationToken);
        switch (outcome)
        {
            case StageOutcome.Visible:
                LogVisible(logger, batch.Document, batch.Version, batch.ChunkCount);
                return new DocumentIndexed(batch.Document, batch.Version, batch.ContentHash, batch.ChunkCount, batch.Model, Activity.Current?.Id);
            case StageOutcome.Superseded:
                LogSuperseded(logger, batch.Document, batch.Version, batch.BatchIndex);
                return null;
            default:
                return null;
        }
    }

    private async Task<IndexedDocument> EmbedAsync(IndexedDocument document, IndexSettings settings, CancellationToken cancellationToken)
    {
        LogEmbedded(logger, document.DocumentId, document.Version, settings.Model);
        return await embedding.EmbedAsync(document, settings, cancellationToken);
    }

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "{Document} version {Version} was prepared for a former model of its collection; it is embedded with '{Model}'")]
    private static partial void LogEmbedded(ILogger logger, string document, long version, string model);

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Document} version {Version} is visible with {Chunks} chunks")]
    private static partial void LogVisible(ILogger logger, DocumentKey document, long version, int chunks);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "Ignored batch {BatchIndex} of {Document} version {Version}: a higher version or a deletion came first")]
    private static partial void LogSuperseded(ILogger logger, DocumentKey document, long version, int batchIndex);
}
