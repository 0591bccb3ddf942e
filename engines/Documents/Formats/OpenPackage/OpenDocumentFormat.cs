namespace RagPlatform.Documents;

/// <summary>OpenDocument, of LibreOffice and others (ISO/IEC 26300). Read as a ZIP it would give markup and no text.</summary>
internal sealed class OpenDocumentFormat : IRefusedFormat
{
    /// <summary>The first entry is called "mimetype" and is stored as it is; its header takes 30 bytes.</summary>
    private const int SniffedBytes = 128;

    public string ContentType => "application/vnd.oasis.opendocument.text";

    public IReadOnlyList<string> OtherContentTypes { get; } = ["application/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.presentation"];

    public IReadOnlyList<string> Extensions { get; } = [".odt", ".ods", ".odp"];

    public bool Recognizes(ReadOnlyMemory<byte> content) =>
        ZipReader.IsZip(content.Span) && content.Span[..Math.Min(content.Length, SniffedBytes)].IndexOf("mimetypeapplication/vnd.oasis.opendocument"u8) > 0;

    public ExtractedDocument Extract(DocumentSource source, ExtractionContext context) => throw new ExtractionException(
        ExtractionErrorCode.UnsupportedContentType,
        "content is an OpenDocument file (.odt, .ods or .odp), which is not read.",
        "Open it in its program and save it as DOCX, XLSX or PPTX.");
}
