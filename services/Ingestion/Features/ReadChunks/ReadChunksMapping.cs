using RagPlatform.Ingestion.Features.ProcessDocument;
using RagPlatform.Protos.Ingestion.V1;
using Prepared = RagPlatform.Contracts.Ingestion;

namespace RagPlatform.Ingestion.Features.ReadChunks;

internal static class ReadChunksMapping
{
    public static ChunksRequest ToDomain(this ReadChunksRequest request) =>
        new(request.Tenant, request.Collection, request.DocumentId, request.Version, request.Model, request.Chunking.ToChunking(), request.KeepParents);

    public static ReadChunksResponse ToResponse(this Prepared.ChunksPrepared batch) => new()
    {
        ChunkingHash = batch.ChunkingHash,
        Chunks =
        {
            batch.Chunks.Select(chunk => new PreparedChunk
            {
                ChunkId = chunk.ChunkId,
                Ordinal = chunk.Ordinal,
                Text = chunk.Text,
                StartOffset = chunk.StartOffset,
                EndOffset = chunk.EndOffset,
                HeadingPath = { chunk.HeadingPath },
            }),
        },
    };
}
