using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Features.EmbedDocuments;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Features.BuildIndex;

/// <summary>
/// Documents from one index into another: as they are, chunked again, or with another model's vectors. What a group of
/// documents needs embedded is embedded together.
/// </summary>
internal sealed class DocumentCopying(CatalogueDatabase catalogue, VectorStores stores, ChunkReadingClient chunkReading, DocumentEmbedding embedding)
{
    /// <summary>Documents that are read, embedded and written together.</summary>
    public const int GroupSize = 32;

    private const int MaxParallelWrites = 8;

    /// <summary>A document that has changed meanwhile may be left out: comparing the indexes again shows it.</summary>
    /// <param name="documentIds">At most <see cref="GroupSize"/>.</param>
    public async Task CopyAsync(ActiveIndex source, ActiveIndex target, bool chunkAgain, IReadOnlyList<string> documentIds, CancellationToken cancellationToken)
    {
        var documents = new List<IndexedDocument>();
        foreach (var documentId in documentIds)
        {
            var document = await stores[source.Store].ReadDocumentAsync(source.Key, documentId, cancellationToken);
            if (document is not null && chunkAgain)
            {
                document = await ChunkAgainAsync(source, target, document, cancellationToken);
            }

            if (document is not null)
            {
                documents.Add(document);
            }
        }

        if (chunkAgain || source.Settings != target.Settings)
        {
            documents = await embedding.EmbedAsync(documents, target.Settings, cancellationToken);
        }

        // Written side by side, as a store makes many durable at once. What the target holds from before a crash is the same version, and stays.
        await Parallel.ForEachAsync(
            documents, new ParallelOptions { MaxDegreeOfParallelism = MaxParallelWrites, CancellationToken = cancellationToken },
            async (document, cancellation) => await stores[target.Store].ReplaceAsync(target.Key, document, cancellation));
    }

    /// <returns>Null if the document has changed since it was read.</returns>
    private async Task<IndexedDocument?> ChunkAgainAsync(ActiveIndex source, ActiveIndex target, IndexedDocument document, CancellationToken cancellationToken)
    {
        try
        {
            var cut = await chunkReading.ReadAsync(source.Key.Collection, document.DocumentId, document.Version, target.Settings.Model, cancellationToken);
            await RequireOneChunkingAsync(target, cut.ChunkingHash, cancellationToken);
            return document with { Chunks = cut.Chunks };
        }
        catch (ServiceException exception) when (exception.Kind is FailureKind.NotFound)
        {
            // The registry keeps what is searched; if it does not, the document has changed since it was read.
            var now = await stores[source.Store].FindVersionAsync(source.Key, document.DocumentId, cancellationToken);
            return now != document.Version ? null : throw RetrievalErrors.TextNotStored(document.DocumentId, document.Version, exception);
        }
    }

    /// <summary>The first document decides, durably: ingestion may be started with other settings before the last one.</summary>
    private async Task RequireOneChunkingAsync(ActiveIndex target, string chunkingHash, CancellationToken cancellationToken)
    {
        var generation = target.Key.Generation;
        var first = catalogue.Read(session => IndexTable.ChunkingOf(session, generation));
        if (first.Length == 0)
        {
            await catalogue.WriteAsync(session => IndexTable.SetChunking(session, generation, chunkingHash), cancellationToken);
        }
        else if (first != chunkingHash)
        {
            throw RetrievalErrors.ChunkingChanged(target.Key.Collection.Name);
        }
    }
}
