using System.Diagnostics.CodeAnalysis;
using RagPlatform.Contracts;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval.Features.IndexChunks;

/// <summary>What a batch must be to be kept; a batch that is not is refused for good, whole.</summary>
internal static class BatchValidation
{
    public const int MaxDimension = 16_384;

    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">Names the first thing wrong.</exception>
    public static void Check(ChunksEmbedded batch)
    {
        Require(batch, batch.Document is not null, "it names no document.");
        if (!Names.IsDocumentId(batch.Document.DocumentId))
        {
            throw RetrievalErrors.DocumentIdInvalid(batch.Document.DocumentId);
        }

        Require(batch, batch.Version >= 1, $"version {batch.Version} is below 1.");
        Require(batch, batch.BatchIndex >= 0 && batch.BatchIndex < batch.BatchCount, $"its index is not in 0 to {batch.BatchCount - 1}.");
        Require(batch, batch is { ContentHash: not null, Title: not null, Uri: not null, Metadata: not null, Chunks: not null },
            "its content hash, title, uri, metadata or chunks are null.");
        Require(batch, batch.Chunks.Count <= ChunksPrepared.MaxChunks, $"it holds {batch.Chunks.Count} chunks, the limit is {ChunksPrepared.MaxChunks}.");
        Require(batch, batch.Dimension is >= 1 and <= MaxDimension, $"dimension {batch.Dimension} is not in 1 to {MaxDimension}.");
        Require(batch, !string.IsNullOrEmpty(batch.Model), "it names no model.");
        foreach (var chunk in batch.Chunks)
        {
            Check(batch, chunk);
        }
    }

    private static void Check(ChunksEmbedded batch, EmbeddedChunk chunk)
    {
        Require(batch, chunk is { ChunkId: not null, Text: not null, HeadingPath: not null, Vector: not null },
            "a chunk, or its id, text, heading path or vector, is null.");
        Require(batch, chunk.Ordinal >= 0 && chunk.Ordinal < batch.ChunkCount, $"chunk ordinal {chunk.Ordinal} is not in 0 to {batch.ChunkCount - 1}.");
        Require(batch, chunk.HeadingPath.All(heading => heading is not null), $"a heading of chunk {chunk.Ordinal} is null.");
        Require(batch, chunk.StartOffset >= 0 && chunk.StartOffset <= chunk.EndOffset, $"chunk {chunk.Ordinal} ends ({chunk.EndOffset}) before it starts ({chunk.StartOffset}).");
        var fault = UnitVector.Fault(chunk.Vector, batch.Dimension);
        Require(batch, fault is null, $"the vector of chunk {chunk.Ordinal} {fault}.");
    }

    private static void Require(ChunksEmbedded batch, [DoesNotReturnIf(false)] bool condition, string problem)
    {
        if (!condition)
        {
            throw RetrievalErrors.BatchInvalid(batch.Document, batch.Version, batch.BatchIndex, problem);
        }
    }
}
