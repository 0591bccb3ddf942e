using System.Text.Json;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Storage.Catalogue;

/// <summary>Chunks of versions that are still arriving.</summary>
internal static class StagedChunks
{
    public static void Add(CatalogueSession catalogue, long document, ChunksEmbedded batch) =>
        catalogue.Execute(
            """
            INSERT INTO staged_chunks (document, version, ordinal, chunk_id, text, start_offset, end_offset, heading_path, vector)
            VALUES (@document, @Version, @Ordinal, @ChunkId, @Text, @StartOffset, @EndOffset, @HeadingPath, @Vector)
            ON CONFLICT DO NOTHING
            """,
            batch.Chunks.Select(chunk => new
            {
                document, batch.Version, chunk.Ordinal, chunk.ChunkId, chunk.Text, chunk.StartOffset, chunk.EndOffset,
                HeadingPath = JsonSerializer.Serialize(chunk.HeadingPath), chunk.Vector,
            }));

    /// <summary>By ordinal.</summary>
    public static SortedDictionary<int, IndexedChunk> Read(CatalogueSession catalogue, long document, long version) =>
        new(catalogue.Query<ChunkRow>(
            $"SELECT {ChunkRow.Columns} FROM staged_chunks WHERE document = @document AND version = @version", new { document, version }).ToDictionary(row => row.Ordinal, row => row.ToIndexed()));

    public static IndexedChunk ToIndexed(EmbeddedChunk chunk) =>
        new(chunk.ChunkId, chunk.Ordinal, chunk.HeadingPath, chunk.Text, chunk.StartOffset, chunk.EndOffset, UnitVector.Read(chunk.Vector));
}
