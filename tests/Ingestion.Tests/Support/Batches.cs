using RagPlatform.Contracts.Ingestion;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Tests.Support;

internal static class Batches
{
    public static ChunksPrepared Of(WaitingVersion version, int index, int count, int chunks, int characters = 10) => new()
    {
        Document = version.Key, Version = version.Version, ContentHash = "hash", Title = "", Uri = "", Metadata = new Dictionary<string, string>(),
        BatchIndex = index, BatchCount = count, ChunkCount = chunks * count, Model = "letters",
        Chunks =
        [
            .. Enumerable.Range(0, chunks).Select(ordinal => new PreparedChunk
            {
                ChunkId = $"{index}/{ordinal}", Ordinal = (index * chunks) + ordinal, Text = new string('x', characters), StartOffset = 0, EndOffset = characters, HeadingPath = [],
            }),
        ],
    };

    /// <summary>A whole document of so many batches.</summary>
    public static IReadOnlyList<ChunksPrepared> All(WaitingVersion version, int batches, int chunks = 1, int characters = 10) =>
        [.. Enumerable.Range(0, batches).Select(index => Of(version, index, batches, chunks, characters))];
}
