namespace RagPlatform.Documents;

/// <summary>What a document says, ready to be chunked and quoted: the one model that every format yields.</summary>
/// <param name="Text">The stored text. Everything later quotes it verbatim, by UTF-16 offsets.</param>
/// <param name="Title">The format's own title, else the first heading's text, else empty.</param>
/// <param name="Blocks">In the order of the text, not overlapping, each non-empty and without surrounding white space.</param>
public sealed record ExtractedDocument(string Text, string Title, IReadOnlyList<Block> Blocks)
{
    public DocumentProperties Properties { get; init; } = DocumentProperties.None;

    /// <summary>In the order of the text; at most <see cref="DocumentExtractor.MaxLinks"/>.</summary>
    public IReadOnlyList<DocumentLink> Links { get; init; } = [];

    /// <summary>
    /// What the reader of the document should know and does not stop it, a sentence each, such as a part of an archive that
    /// could not be read, or a declared type that the content is not; at most <see cref="DocumentExtractor.MaxWarnings"/>.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A range of the stored text that belongs together.</summary>
/// <param name="Kind">What the author meant by it.</param>
/// <param name="Start">UTF-16 offset into the stored text, inclusive.</param>
/// <param name="End">Exclusive.</param>
/// <param name="HeadingPath">The headings above it as plain text, outermost first; a heading's own text is the last of its path.</param>
public sealed record Block(BlockKind Kind, int Start, int End, IReadOnlyList<string> HeadingPath)
{
    /// <summary>Where it stands in what the author made; null in formats that have no such places.</summary>
    public SourceLocation? Location { get; init; }
}

public enum BlockKind
{
    Heading,
    Paragraph,
    ListItem,
    Code,
    /// <summary>One row of a table's body, as Markdown: "| a | b |", or as the source wrote it.</summary>
    TableRow,
    Quote,
    /// <summary>The row that names a table's columns, with its delimiter line where there is one. Ends the table before it, as a blank line between rows does.</summary>
    TableHeader,
}
