using RagPlatform.Retrieval.Storage;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Features.EmbedDocuments;

/// <summary>Whole documents with a model's vectors in place of what they had; chunks of several documents are embedded together.</summary>
internal sealed class DocumentEmbedding(PassageEmbeddingClient client, DependencyPatience patience)
{
    /// <exception cref="Grpc.Errors.ServiceException">The model is missing, or the embedding service failed.</exception>
    public async Task<List<IndexedDocument>> EmbedAsync(IReadOnlyList<IndexedDocument> documents, IndexSettings settings, CancellationToken cancellationToken)
    {
        var passages = documents.SelectMany(document => document.Chunks.Select(chunk => (document.Title, Chunk: chunk))).ToList();
        var vectors = new Queue<float[]>(passages.Count);
        foreach (var batch in passages.Chunk(PassageEmbeddingClient.BatchSize))
        {
            foreach (var vector in await client.EmbedAsync(batch, settings, cancellationToken))
            {
                vectors.Enqueue(vector);
            }
        }

        return [.. documents.Select(document => document with { Chunks = [.. document.Chunks.Select(chunk => chunk with { Vector = vectors.Dequeue() })] })];
    }

    /// <summary>One document that arrived with another model's vectors than its collection's. Waits for an embedding service that is down.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">The model is missing, or the embedding service stayed down.</exception>
    public async Task<IndexedDocument> EmbedAsync(IndexedDocument document, IndexSettings settings, CancellationToken cancellationToken)
    {
        var embedded = document;
        await patience.RetryAsync(async () => embedded = (await EmbedAsync([document], settings, cancellationToken))[0], cancellationToken);
        return embedded;
    }
}
