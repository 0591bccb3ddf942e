using System.Buffers.Binary;
using RagPlatform.Contracts;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Contracts.Ingestion;

namespace RagPlatform.Retrieval.Features.IndexChunks;

/// <summary>What a batch must be to be kept; a batch that is not is refused for good, whole.</summary>
internal static class BatchValidation
{
    public const int MaxDimension = 16_384;

    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">Names the first thing wrong.</exception>
    public static void Check(ChunksEmbedded batch)
    {
        if (!Names.IsDocumentId(batch.Document.DocumentId))
        {
            throw RetrievalErrors.DocumentIdInvalid(batch.Document.DocumentId ?? "");
        }

        Require(batch, batch.Version >= 1, $"version {batch.Version} is below 1.");
        Require(batch, batch.BatchIndex >= 0 && batch.BatchIndex < batch.BatchCount, $"its index is not in 0 to {batch.BatchCount - 1}.");
        Require(batch, batch.Chunks.Count <= ChunksPrepared.MaxChunks, $"it holds {batch.Chunks.Count} chunks, the limit is {ChunksPrepared.MaxChunks}.");
        Require(batch, batch.Dimension is >= 1 and <= MaxDimension, $"dimension {batch.Dimension} is not in 1 to {MaxDimension}.");
        Require(batch, batch.Model.Length > 0, "it names no model.");
        foreach (var chunk in batch.Chunks)
        {
            Require(batch, chunk.Ordinal >= 0 && chunk.Ordinal < batch.ChunkCount, $"chunk ordinal {chunk.Ordinal} is not in 0 to {batch.ChunkCount - 1}.");
            Require(batch, chunk.StartOffset >= 0 && chunk.StartOffset <= chunk.EndOffset, $"chunk {chunk.Ordinal} ends ({chunk.EndOffset}) before it starts ({chunk.StartOffset}).");
            Require(batch, chunk.Vector.Length == batch.Dimension * sizeof(float),
                $"the vector of chunk {chunk.Ordinal} has {chunk.Vector.Length} bytes, {batch.Dimension} dimensions have {batch.Dimension * sizeof(float)}.");
            Require(batch, IsFinite(chunk.Vector), $"the vector of chunk {chunk.Ordinal} holds a value that is not finite.");
        }
    }

    private static bool IsFinite(ReadOnlySpan<byte> vector)
    {
        for (; vector.Length > 0; vector = vector[sizeof(float)..])
        {
            if (!float.IsFinite(BinaryPrimitives.ReadSingleLittleEndian(vector)))
            {
                return false;
            }
        }

        return true;
    }

    private static void Require(ChunksEmbedded batch, bool condition, string problem)
    {
        if (!condition)
        {
            throw RetrievalErrors.BatchInvalid(batch.Document, batch.Version, batch.BatchIndex, problem);
        }
    }
}
