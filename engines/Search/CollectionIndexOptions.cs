using RagPlatform.Search.Fusion;
using RagPlatform.Search.Lexical;

namespace RagPlatform.Search;

/// <summary>How a collection's index analyses, weighs and stores. What cannot change without a new index needs another one.</summary>
public sealed record CollectionIndexOptions
{
    /// <summary>Of every vector, 1 to 16,384.</summary>
    public required int Dimension { get; init; }

    public AnalyzerOptions Analyzer { get; init; } = new();

    public Bm25 Bm25 { get; init; } = Bm25.Default;

    /// <summary>What one appearance of a term in the title counts for, against 1 in the text; 1 to 16.</summary>
    public int TitleWeight { get; init; } = 3;

    /// <summary>The same for headings; 1 to 16.</summary>
    public int HeadingWeight { get; init; } = 1;

    /// <summary>A merged segment of at least this many chunks gets an HNSW graph; smaller ones are compared one by one.</summary>
    public int GraphFromChunks { get; init; } = 20_000;

    /// <summary>Links per chunk and layer of the graph, twice that in the lowest; 4 to 64.</summary>
    public int GraphLinks { get; init; } = 16;

    /// <summary>Candidates looked at when a chunk is linked; 16 to 1,000.</summary>
    public int GraphConstructionCandidates { get; init; } = 200;

    /// <summary>Chunks held in memory, beside their log, before they become a file.</summary>
    public int FlushChunks { get; init; } = 4_000;

    /// <summary>Of every search.</summary>
    public RankingOptions Ranking { get; init; } = new();
}
