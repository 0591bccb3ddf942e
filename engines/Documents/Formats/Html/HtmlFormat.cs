namespace RagPlatform.Documents;

internal sealed class HtmlFormat : IDocumentFormat
{
    public string ContentType => ContentTypes.Html;

    public IReadOnlyList<string> OtherContentTypes { get; } = ["application/xhtml+xml"];

    public IReadOnlyList<string> Extensions { get; } = [".html", ".htm", ".xhtml"];

    public bool IsText => true;

    public bool Recognizes(ReadOnlyMemory<byte> content) =>
        TextSniffer.Start(content.Span) is { } text
        && AfterProlog(text) is var start
        && (start.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase));

    /// <summary>Without the XML declaration of XHTML, and comments such as that of a saved page.</summary>
    private static ReadOnlySpan<char> AfterProlog(ReadOnlySpan<char> start)
    {
        while (true)
        {
            var mark = start.StartsWith("<?xml") ? "?>" : start.StartsWith("<!--") ? "-->" : "";
            var end = mark.Length == 0 ? -1 : start.IndexOf(mark);
            if (end < 0)
            {
                return start;
            }

            start = start[(end + mark.Length)..].TrimStart();
        }
    }

    public ExtractedDocument Extract(DocumentSource source, ExtractionContext context) => HtmlExtractor.Extract(TextDecoder.Decode(source), keepsAll: false, context.CancellationToken);
}
