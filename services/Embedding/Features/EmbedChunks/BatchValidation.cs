using System.Diagnostics.CodeAnalysis;
using RagPlatform.Contracts.Ingestion;

namespace RagPlatform.Embedding.Features.EmbedChunks;

/// <summary>What a batch must be to be embedded; one that is not is refused for good, at the first try.</summary>
internal static class BatchValidation
{
    /// <exception cref="Grpc.Errors.ServiceException">Names the first thing wrong.</exception>
    public static void Check(ChunksPrepared batch)
    {
        Require(batch, !string.IsNullOrEmpty(batch.Model), "it names no model.");
        Require(batch, batch is { Document: not null, Title: not null, Chunks: not null }, "its document, title or chunks are null.");
        Require(batch, batch.Chunks.Count <= ChunksPrepared.MaxChunks, $"it holds {batch.Chunks.Count} chunks, the limit is {ChunksPrepared.MaxChunks}.");
        foreach (var chunk in batch.Chunks)
        {
            Require(batch, chunk is { Text: not null, HeadingPath: not null }, "a chunk, or its text or heading path, is null.");
        }
    }

    private static void Require(ChunksPrepared batch, [DoesNotReturnIf(false)] bool condition, string problem)
    {
        if (!condition)
        {
            throw EmbeddingErrors.BatchInvalid(batch.Document, batch.Version, batch.BatchIndex, problem);
        }
    }
}
