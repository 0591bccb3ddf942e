namespace RagPlatform.Documents;

/// <summary>PowerPoint presentations of 2007 and later, with macros, shows and templates too.</summary>
internal sealed class PowerPointFormat : IDocumentFormat
{
    /// <summary>For messages.</summary>
    public const string Name = "PPTX";

    public string ContentType => ContentTypes.PowerPoint;

    public IReadOnlyList<string> OtherContentTypes { get; } =
    [
        "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
        "application/vnd.openxmlformats-officedocument.presentationml.template",
        "application/vnd.ms-powerpoint.presentation.macroenabled.12",
        "application/vnd.ms-powerpoint.slideshow.macroenabled.12",
        "application/vnd.ms-powerpoint.template.macroenabled.12",
    ];

    public IReadOnlyList<string> Extensions { get; } = [".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"];

    public bool Recognizes(ReadOnlyMemory<byte> content) => ZipSignature.HasFolder(content.Span, "ppt/"u8);

    public ExtractedDocument Extract(DocumentSource source, ExtractionContext context) => PowerPointExtractor.Extract(source, context);
}
