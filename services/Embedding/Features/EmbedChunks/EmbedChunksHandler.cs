using RagPlatform.Contracts.Embedding;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Embedding.Serving;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Features.EmbedChunks;

internal sealed class EmbedChunksHandler(EmbeddingModels models, RememberingEmbedder embedder)
{
    /// <summary>The same batch with a vector for every chunk. Waits while the model is being prepared.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">The batch is malformed, or its model is unknown, missing, or cannot be used.</exception>
    public async Task<ChunksEmbedded> HandleAsync(ChunksPrepared batch, CancellationToken cancellationToken)
    {
        BatchValidation.Check(batch);
        var model = await models.WaitAsync(batch.Model, cancellationToken);
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
            ChunkingHash = batch.ChunkingHash,
            Chunks = [.. batch.Chunks.Zip(vectors, WithVector)],
        };
    }

    private async Task<IReadOnlyList<TextEmbedding>> EmbedAsync(IEmbeddingModel model, ChunksPrepared batch, CancellationToken cancellationToken)
    {
        var texts = batch.Chunks.Select(chunk => model.ComposePassage(batch.Title, chunk.HeadingPath, chunk.Text)).ToArray();
        return texts.Length == 0
            ? []
            : (await embedder.EmbedAsync(model, texts, JobPriority.Passage, refuseWhenFull: false, cancellationToken)).Embeddings;
    }

    private static EmbeddedChunk WithVector(PreparedChunk chunk, TextEmbedding embedding) => new()
    {
        ChunkId = chunk.ChunkId,
        Ordinal = chunk.Ordinal,
        Text = chunk.Text,
        StartOffset = chunk.StartOffset,
        EndOffset = chunk.EndOffset,
        HeadingPath = chunk.HeadingPath,
        Vector = VectorBytes.From(embedding.Vector),
        UnseenTokens = embedding.UnseenTokens,
    };
}
