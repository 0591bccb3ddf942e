using RagPlatform.Contracts.Embedding;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Embedding.Serving;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Features.EmbedChunks;

internal sealed class EmbedChunksHandler(ModelHost host, LocalEmbedding embedding, VectorCache cache)
{
    /// <summary>The same batch with a vector for every chunk. Waits while the model is being prepared.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">The batch is malformed, or its model is unknown, missing, or cannot be used.</exception>
    public async Task<ChunksEmbedded> HandleAsync(ChunksPrepared batch, CancellationToken cancellationToken)
    {
        BatchValidation.Check(batch);
        var model = await host.WaitAsync(batch.Model, cancellationToken);
        var vectors = await EmbedAsync(model, batch, cancellationToken);
        return new ChunksEmbedded
        {
            Document = batch.Document,
            Version = batch.Version,
            ContentHash = batch.ContentHash,
            Title = batch.Title,
            Uri = batch.Uri,
            Metadata = batch.Metadata,
            BatchIndex = batch.BatchIndex,
            BatchCount = batch.BatchCount,
            ChunkCount = batch.ChunkCount,
            Model = model.Id,
            Dimension = model.Dimension,
            Chunks = [.. batch.Chunks.Zip(vectors, WithVector)],
        };
    }

    private async Task<CachedVector[]> EmbedAsync(LoadedModel model, ChunksPrepared batch, CancellationToken cancellationToken)
    {
        var texts = batch.Chunks.Select(chunk => PassageText.Compose(batch.Title, chunk.HeadingPath, chunk.Text, model.Embedder)).ToArray();
        var keys = texts.Select(text => VectorCache.Key(model.Id, text)).ToArray();
        var vectors = keys.Select(cache.Find).ToArray();
        var missing = Enumerable.Range(0, texts.Length).Where(i => vectors[i] is null).ToArray();
        EmbeddingTelemetry.Remembered(model.Id, texts.Length - missing.Length);
        if (missing.Length > 0)
        {
            var result = await embedding.EmbedAsync(model, [.. missing.Select(i => texts[i])], JobPriority.Passage, refuseWhenFull: false, cancellationToken);
            foreach (var (i, output) in missing.Zip(result.Outputs))
            {
                vectors[i] = new CachedVector(VectorBytes.From(output.Vector), output.UnseenTokens);
                cache.Add(keys[i], vectors[i]!);
            }
        }

        return vectors!;
    }

    private static EmbeddedChunk WithVector(PreparedChunk chunk, CachedVector vector) => new()
    {
        ChunkId = chunk.ChunkId,
        Ordinal = chunk.Ordinal,
        Text = chunk.Text,
        StartOffset = chunk.StartOffset,
        EndOffset = chunk.EndOffset,
        HeadingPath = chunk.HeadingPath,
        Vector = vector.Vector,
        UnseenTokens = vector.UnseenTokens,
    };
}
