using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Features.BuildIndex;

/// <summary>
/// Documents from one index into another: as they are, chunked again, or with another model's vectors. What a group of
/// documents needs embedded is embedded together.
/// </summary>
internal sealed class DocumentCopying(VectorStores stores, ChunkReadingClient chunkReading, PassageEmbeddingClient embedding)
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
            if (await ReadAsync(source, target, chunkAgain, documentId, cancellationToken) is { } document)
            {
                documents.Add(document);
            }
        }

        if (chunkAgain || source.Settings != target.Settings)
        {
            documents = await EmbedAsync(documents, target.Settings, cancellationToken);
        }

        // Written side by side, as a store makes many durable at once. What the target holds from before a crash is the same version, and stays.
        await Parallel.ForEachAsync(
            documents, new ParallelOptions { MaxDegreeOfParallelism = MaxParallelWrites, CancellationToken = cancellationToken },
            async (document, cancellation) => await stores[target.Store].ReplaceAsync(target.Key, document, cancellation));
    }

    private async Task<IndexedDocument?> ReadAsync(ActiveIndex source, ActiveIndex target, bool chunkAgain, string documentId, CancellationToken cancellationToken)
    {
        var store = stores[source.Store];
        var document = await store.ReadDocumentAsync(source.Key, documentId, cancellationToken);
        if (document is null || !chunkAgain)
        {
            return document;
        }

        try
        {
            return document with { Chunks = await chunkReading.ReadAsync(source.Key.Collection, documentId, document.Version, target.Settings.Model, cancellationToken) };
        }
        catch (ServiceException exception) when (exception.Kind is FailureKind.NotFound)
        {
            // The registry keeps what is searched; if it does not, the document has changed since it was read.
            var now = await store.FindVersionAsync(source.Key, documentId, cancellationToken);
            return now != document.Version ? null : throw RetrievalErrors.TextNotStored(documentId, document.Version, exception);
        }
    }

    private async Task<List<IndexedDocument>> EmbedAsync(List<IndexedDocument> documents, IndexSettings settings, CancellationToken cancellationToken)
    {
        var passages = documents.SelectMany(document => document.Chunks.Select(chunk => (document.Title, Chunk: chunk))).ToList();
        var vectors = new Queue<float[]>(passages.Count);
        foreach (var batch in passages.Chunk(PassageEmbeddingClient.BatchSize))
        {
            foreach (var vector in await embedding.EmbedAsync(batch, settings, cancellationToken))
            {
                vectors.Enqueue(vector);
            }
        }

        return [.. documents.Select(document => document with { Chunks = [.. document.Chunks.Select(chunk => chunk with { Vector = vectors.Dequeue() })] })];
    }
}
