using RagPlatform.Search.Lexical;

namespace RagPlatform.Search.InMemory;

/// <summary>How a <see cref="CollectionIndex{TPayload}"/> analyses, weighs and fuses.</summary>
public sealed record InMemoryOptions
{
    /// <summary>Of every vector, at least 1.</summary>
    public required int Dimension { get; init; }

    public AnalyzerOptions Analyzer { get; init; } = new();

    public Bm25 Bm25 { get; init; } = Bm25.Default;

    /// <summary>What one appearance of a term in the title counts for, against 1 in headings and text; at least 1.</summary>
    public int TitleWeight { get; init; } = 1;
}
