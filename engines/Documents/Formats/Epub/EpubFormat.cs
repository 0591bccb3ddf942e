namespace RagPlatform.Documents;

/// <summary>Electronic books, EPUB 2 and 3.</summary>
internal sealed class EpubFormat : IDocumentFormat
{
    /// <summary>For messages.</summary>
    public const string Name = "EPUB";

    public string ContentType => ContentTypes.Epub;

    public IReadOnlyList<string> OtherContentTypes { get; } = [];

    public IReadOnlyList<string> Extensions { get; } = [".epub"];

    public bool Recognizes(ReadOnlyMemory<byte> content) => ZipReader.IsZip(content.Span)
        && (content.Span[..Math.Min(content.Length, 128)].IndexOf("mimetypeapplication/epub+zip"u8) > 0
            || ZipSignature.Names(content.Span, "META-INF/container.xml"u8, "META-INF/container.xml"u8));

    public ExtractedDocument Extract(DocumentSource source, ExtractionContext context) => EpubExtractor.Extract(source, context);
}
