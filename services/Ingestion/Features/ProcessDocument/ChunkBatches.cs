using RagPlatform.Contracts;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Documents;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.ProcessDocument;

/// <summary>A version's chunks as messages: the same version and chunks always give the same messages.</summary>
internal static class ChunkBatches
{
    /// <summary>Of a chunk's headings go the innermost so many, and of each so many characters: they are context, and a file may call a whole page a heading.</summary>
    private const int MaxHeadings = 16;

    /// <inheritdoc cref="MaxHeadings"/>
    private const int MaxHeadingCharacters = 512;

    public static IReadOnlyList<ChunksPrepared> Create(DocumentVersion version, ExtractedDocument document, IReadOnlyList<Chunk> chunks, string model, string chunkingHash)
    {
        var title = version.Title.Length > 0 ? version.Title : document.Title;
        var room = MessageSize.MaxBytes - MessageSize.OfVersion(version.Key.Tenant, version.Key.Collection, version.Key.DocumentId, title, version.Uri, version.Metadata);
        var groups = Group(chunks.Select(chunk => Prepare(version, document, chunk)), room);
        return
        [
            .. groups.Select((group, index) => new ChunksPrepared
            {
                Document = version.Key,
                Version = version.Version,
                ContentHash = version.ContentHash,
                Title = title,
                Uri = version.Uri,
                Metadata = version.Metadata,
                BatchIndex = index,
                BatchCount = groups.Count,
                ChunkCount = chunks.Count,
                Model = model,
                ChunkingHash = chunkingHash,
                Chunks = group,
            }),
        ];
    }

    private static List<List<PreparedChunk>> Group(IEnumerable<PreparedChunk> chunks, int roomBytes)
    {
        var groups = new List<List<PreparedChunk>>();
        var bytes = 0;
        foreach (var chunk in chunks)
        {
            var size = MessageSize.OfChunk(chunk.Text, chunk.HeadingPath);
            if (groups.Count == 0 || groups[^1].Count == ChunksPrepared.MaxChunks || bytes + size > roomBytes)
            {
                groups.Add([]);
                bytes = 0;
            }

            groups[^1].Add(chunk);
            bytes += size;
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
        HeadingPath = Shorten(chunk.HeadingPath),
    };

    private static IReadOnlyList<string> Shorten(IReadOnlyList<string> headings) =>
        headings.Count <= MaxHeadings && headings.All(heading => heading.Length <= MaxHeadingCharacters)
            ? headings
            : [.. headings.TakeLast(MaxHeadings).Select(Shorten)];

    /// <summary>Never between the halves of a surrogate pair.</summary>
    private static string Shorten(string heading) =>
        heading.Length <= MaxHeadingCharacters ? heading : heading[..(MaxHeadingCharacters - (char.IsHighSurrogate(heading[MaxHeadingCharacters - 1]) ? 1 : 0))];
}
