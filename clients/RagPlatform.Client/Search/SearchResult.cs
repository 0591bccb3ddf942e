namespace RagPlatform.Client;

/// <summary>What a search found.</summary>
/// <param name="Hits">Best first.</param>
/// <param name="Timings">Where the time went.</param>
public sealed record SearchResult(IReadOnlyList<SearchHit> Hits, IReadOnlyList<Timing> Timings);

/// <summary>A passage of a document.</summary>
public sealed record SearchHit
{
    public required string ChunkId { get; init; }
    public required string DocumentId { get; init; }
    public required long Version { get; init; }
    public required string Title { get; init; }
    public required string Uri { get; init; }
    /// <summary>The headings above it, outermost first.</summary>
    public required IReadOnlyList<string> HeadingPath { get; init; }
    /// <summary>Verbatim from the stored text.</summary>
    public required string Text { get; init; }
    /// <summary>In UTF-16 code units into the stored text, inclusive.</summary>
    public required int StartOffset { get; init; }
    /// <summary>Exclusive.</summary>
    public required int EndOffset { get; init; }
    /// <summary>Fused, or the reranker's where there was one; 0 to 1.</summary>
    public required double Score { get; init; }
    /// <summary>BM25; 0 when no term matched.</summary>
    public required double LexicalScore { get; init; }
    /// <summary>Cosine, -1 to 1.</summary>
    public required double VectorScore { get; init; }
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
    /// <summary>In the original: "page 12", "Sales, row 40"; empty where its format has no such places.</summary>
    public string Location { get; init; } = "";
    /// <summary>When it was asked for; else null.</summary>
    public Explanation? Explanation { get; init; }
}

/// <summary>Time spent in one part of a call.</summary>
/// <param name="Part">Such as "search".</param>
/// <param name="Milliseconds">Of that part alone.</param>
/// <param name="IsModel">Spent inside a model, not in the platform.</param>
public sealed record Timing(string Part, double Milliseconds, bool IsModel);
