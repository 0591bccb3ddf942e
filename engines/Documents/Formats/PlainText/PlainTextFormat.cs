namespace RagPlatform.Documents;

internal sealed class PlainTextFormat : IDocumentFormat
{
    public string ContentType => ContentTypes.PlainText;

    public IReadOnlyList<string> OtherContentTypes { get; } = [];

    public IReadOnlyList<string> Extensions { get; } = [".txt", ".text", ".log"];

    public bool IsText => true;

    public bool Recognizes(ReadOnlyMemory<byte> content) => TextSniffer.Start(content.Span) is not null;

    public ExtractedDocument Extract(DocumentSource source, ExtractionContext context) => PlainTextExtractor.Extract(TextDecoder.Decode(source));
}
