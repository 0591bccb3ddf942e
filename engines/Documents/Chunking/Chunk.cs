namespace RagPlatform.Documents;

/// <summary>A passage of the stored text, small enough to embed.</summary>
/// <param name="Ordinal">From 0, in the order of the text.</param>
/// <param name="StartOffset">UTF-16 offset into the stored text, inclusive; never white space.</param>
/// <param name="EndOffset">Exclusive.</param>
/// <param name="TokenCount">Of Text[StartOffset..EndOffset], by the counter the chunker was given.</param>
/// <param name="HeadingPath">
/// The headings that all of the chunk stands under, outermost first; then, where it begins with rows of a table that is headed
/// before it, the header's cells: "Name | Amount".
/// </param>
public sealed record Chunk(int Ordinal, int StartOffset, int EndOffset, int TokenCount, IReadOnlyList<string> HeadingPath)
{
    /// <summary>What is quoted in its place; null where the strategy has no parents. Neighbours may have the same.</summary>
    public CharacterRange? Parent { get; init; }

    /// <summary>Where its first block stands in the original; null where that has no such places.</summary>
    public SourceLocation? FirstLocation { get; init; }

    /// <summary>Where its last block stands.</summary>
    public SourceLocation? LastLocation { get; init; }
}

/// <param name="Start">UTF-16 offset into the stored text, inclusive.</param>
/// <param name="End">Exclusive.</param>
public readonly record struct CharacterRange(int Start, int End);

/// <summary>How many tokens a text is to the model that will read it, without special tokens. Must be pure.</summary>
public delegate int TokenCounter(ReadOnlySpan<char> text);
