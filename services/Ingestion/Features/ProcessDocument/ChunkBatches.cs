using RagPlatform.Contracts;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Documents;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.ProcessDocument;

/// <summary>A version's chunks as messages: the same version and chunks always give the same messages.</summary>
internal static class ChunkBatches
{
    /// <summary>UTF-16 code units of text in a message at most; JSON may take six bytes for each.</summary>
    private const int MaxBatchCharacters = 128 * 1024;

    public static IReadOnlyList<ChunksPrepared> Create(DocumentVersion version, ExtractedDocument document, IReadOnlyList<Chunk> chunks, string model, string chunkingHash)
    {
        var groups = Group(chunks);
        return
        [
            .. groups.Select((group, index) => new ChunksPrepared
            {
                Document = version.Key,
                Version = version.Version,
                ContentHash = version.ContentHash,
                Title = version.Title.Length > 0 ? version.Title : document.Title,
                Uri = version.Uri,
                Metadata = version.Metadata,
                BatchIndex = index,
                BatchCount = groups.Count,
                ChunkCount = chunks.Count,
                Model = model,
                ChunkingHash = chunkingHash,
                Chunks = [.. group.Select(chunk => Prepare(version, document, chunk))],
            }),
        ];
    }

    private static List<List<Chunk>> Group(IReadOnlyList<Chunk> chunks)
    {
        var groups = new List<List<Chunk>>();
        var characters = 0;
        foreach (var chunk in chunks)
        {
            var length = chunk.EndOffset - chunk.StartOffset;
            if (groups.Count == 0 || groups[^1].Count == ChunksPrepared.MaxChunks || characters + length > MaxBatchCharacters)
            {
                groups.Add([]);
                characters = 0;
            }

            groups[^1].Add(chunk);
            characters += length;
        }

        return groups;
    }

    private static PreparedChunk Prepare(DocumentVersion version, ExtractedDocument document, Chunk chunk) => new()
    {
        ChunkId = ChunkId.Create(version.Key, version.ContentHash, chunk.Ordinal),
        Ordinal = chunk.Ordinal,
        Text = document.Text[chunk.StartOffset..chunk.EndOffset],
        StartOffset = chunk.StartOffset,
        EndOffset = chunk.EndOffset,
        HeadingPath = chunk.HeadingPath,
    };
}
