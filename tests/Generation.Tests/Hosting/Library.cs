namespace RagPlatform.Generation.Tests.Hosting;

/// <summary>What the fakes behind the service know: stored documents, and the chunks that retrieval finds in them.</summary>
internal sealed class Library
{
    private readonly List<(string DocumentId, int Start, int End, string[] Headings)> chunks = [];

    public Dictionary<string, string> StoredTexts { get; } = [];

    public IReadOnlyList<(string DocumentId, int Start, int End, string[] Headings)> Chunks => chunks;

    /// <summary>What chunks are widened to, in every document.</summary>
    public List<(int Start, int End)> Parents { get; } = [];

    /// <summary>Where a range stands in the original.</summary>
    public Func<int, int, string> LocationOf { get; init; } = (_, _) => "";

    /// <summary>The embedding model: unit vectors of one length.</summary>
    public Func<string, float[]> Embed { get; init; } = WordVectors.Of;

    /// <summary>What retrieval claims a chunk's text to be, where it differs from what is stored.</summary>
    public Dictionary<int, string> ForgedChunkTexts { get; } = [];

    /// <summary>The whole document as one chunk.</summary>
    public Library Add(string documentId, string text, params string[] headings) => AddChunk(documentId, text, 0, text.Length, headings);

    public Library AddChunk(string documentId, string text, int start, int end, params string[] headings)
    {
        StoredTexts[documentId] = text;
        chunks.Add((documentId, start, end, headings));
        return this;
    }

    public string ClaimedText(int chunk) =>
        ForgedChunkTexts.TryGetValue(chunk, out var forged) ? forged : StoredTexts[chunks[chunk].DocumentId][chunks[chunk].Start..chunks[chunk].End];
}
