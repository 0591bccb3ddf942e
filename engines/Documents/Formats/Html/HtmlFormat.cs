namespace RagPlatform.Documents;

internal sealed class HtmlFormat : IDocumentFormat
{
    public string ContentType => ContentTypes.Html;

    public IReadOnlyList<string> OtherContentTypes { get; } = ["application/xhtml+xml"];

    public IReadOnlyList<string> Extensions { get; } = [".html", ".htm", ".xhtml"];

    public bool IsText => true;

    public bool Recognizes(ReadOnlyMemory<byte> content) =>
        TextSniffer.Start(content.Span) is { } start
        && (start.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase));

    public ExtractedDocument Extract(DocumentSource source, ExtractionContext context) => HtmlExtractor.Extract(TextDecoder.Decode(source));
}
