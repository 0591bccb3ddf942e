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
        new(catalogue.Query<Row>(
            """
            SELECT ordinal AS Ordinal, chunk_id AS ChunkId, text AS Text, start_offset AS StartOffset, end_offset AS EndOffset,
                heading_path AS HeadingPath, vector AS Vector
            FROM staged_chunks WHERE document = @document AND version = @version
            """,
            new { document, version }).ToDictionary(row => row.Ordinal, row => row.ToIndexed()));

    public static IndexedChunk ToIndexed(EmbeddedChunk chunk) =>
        new(chunk.ChunkId, chunk.Ordinal, chunk.HeadingPath, chunk.Text, chunk.StartOffset, chunk.EndOffset, UnitVector.Read(chunk.Vector));

    private sealed class Row
    {
        public int Ordinal { get; init; }
        public string ChunkId { get; init; } = "";
        public string Text { get; init; } = "";
        public int StartOffset { get; init; }
        public int EndOffset { get; init; }
        public string HeadingPath { get; init; } = "";
        public byte[] Vector { get; init; } = [];

        public IndexedChunk ToIndexed() =>
            new(ChunkId, Ordinal, JsonSerializer.Deserialize<string[]>(HeadingPath)!, Text, StartOffset, EndOffset, UnitVector.Read(Vector));
    }
}
