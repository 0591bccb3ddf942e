namespace RagPlatform.Documents;

/// <summary>What a document says, ready to be chunked and quoted.</summary>
/// <param name="Text">The stored text. Everything later quotes it verbatim, by UTF-16 offsets.</param>
/// <param name="Title">The front matter's or HTML's title, else the first heading's text, else empty.</param>
/// <param name="Blocks">In the order of the text, not overlapping, each non-empty and without surrounding white space.</param>
public sealed record ExtractedDocument(string Text, string Title, IReadOnlyList<Block> Blocks);

/// <summary>A range of the stored text that belongs together.</summary>
/// <param name="Kind">What the author meant by it.</param>
/// <param name="Start">UTF-16 offset into the stored text, inclusive.</param>
/// <param name="End">Exclusive.</param>
/// <param name="HeadingPath">The headings above it as plain text, outermost first; a heading's own text is the last of its path.</param>
public sealed record Block(BlockKind Kind, int Start, int End, IReadOnlyList<string> HeadingPath);

public enum BlockKind
{
    Heading,
    Paragraph,
    ListItem,
    Code,
    /// <summary>One row; a Markdown table's header row includes its delimiter line.</summary>
    TableRow,
    Quote,
}
