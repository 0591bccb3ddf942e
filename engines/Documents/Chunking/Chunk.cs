namespace RagPlatform.Documents;

/// <summary>A passage of the stored text, small enough to embed.</summary>
/// <param name="Ordinal">From 0, in the order of the text.</param>
/// <param name="StartOffset">UTF-16 offset into the stored text, inclusive; never white space.</param>
/// <param name="EndOffset">Exclusive.</param>
/// <param name="TokenCount">Of Text[StartOffset..EndOffset], by the counter the chunker was given.</param>
/// <param name="HeadingPath">The headings that all of the chunk stands under, outermost first.</param>
public sealed record Chunk(int Ordinal, int StartOffset, int EndOffset, int TokenCount, IReadOnlyList<string> HeadingPath);

/// <summary>How many tokens a text is to the model that will read it, without special tokens. Must be pure.</summary>
public delegate int TokenCounter(ReadOnlySpan<char> text);
