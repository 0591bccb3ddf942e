namespace RagPlatform.Documents;

/// <summary>A program that turns a PDF into the lines of its pages.</summary>
public interface IPdfTextReader
{
    /// <returns>What the file says about itself, and where each line of each page stands.</returns>
    /// <exception cref="ExtractionException">Encrypted, Damaged, TooLarge, TimedOut, OutOfResources or ToolMissing.</exception>
    PdfText Read(ReadOnlyMemory<byte> content, CancellationToken cancellationToken);
}

/// <param name="Pages">All of them, in order.</param>
/// <param name="Title">Empty where it has none.</param>
/// <param name="Properties">Author and dates.</param>
public sealed record PdfText(IReadOnlyList<PdfPage> Pages, string Title, DocumentProperties Properties)
{
    /// <summary>What was wrong with the file and did not stop its reader, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <param name="Height">In points of 1/72 inch, as all lengths here.</param>
/// <param name="Lines">In any order. Words that stand far apart are lines of their own, so that no line crosses a column.</param>
public sealed record PdfPage(double Height, IReadOnlyList<PdfLine> Lines);

/// <summary>Words beside each other.</summary>
/// <param name="Left">From the page's left edge.</param>
/// <param name="Top">From the page's upper edge, growing downwards.</param>
/// <param name="Right">Not less than <paramref name="Left"/>.</param>
/// <param name="Bottom">Not less than <paramref name="Top"/>.</param>
/// <param name="Text">Not blank, without line breaks.</param>
public sealed record PdfLine(double Left, double Top, double Right, double Bottom, string Text)
{
    /// <summary>About the size of its letters.</summary>
    public double Height => Bottom - Top;

    public double Width => Right - Left;
}
