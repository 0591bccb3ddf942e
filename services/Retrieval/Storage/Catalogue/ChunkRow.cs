using System.Text.Json;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Storage.Catalogue;

/// <summary>A chunk as it lies in a database.</summary>
internal sealed class ChunkRow
{
    public const string Columns =
        """
        ordinal AS Ordinal, chunk_id AS ChunkId, text AS Text, start_offset AS StartOffset, end_offset AS EndOffset,
        heading_path AS HeadingPath, vector AS Vector
        """;

    public int Ordinal { get; init; }
    public string ChunkId { get; init; } = "";
    public string Text { get; init; } = "";
    public int StartOffset { get; init; }
    public int EndOffset { get; init; }

    /// <summary>JSON.</summary>
    public string HeadingPath { get; init; } = "";
    public byte[] Vector { get; init; } = [];

    public IndexedChunk ToIndexed() =>
        new(ChunkId, Ordinal, JsonSerializer.Deserialize<string[]>(HeadingPath)!, Text, StartOffset, EndOffset, UnitVector.Read(Vector));
}
