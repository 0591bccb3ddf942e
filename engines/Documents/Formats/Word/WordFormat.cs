namespace RagPlatform.Documents;

/// <summary>Word documents of 2007 and later, with macros and templates too.</summary>
internal sealed class WordFormat : IDocumentFormat
{
    /// <summary>For messages.</summary>
    public const string Name = "DOCX";

    public string ContentType => ContentTypes.Word;

    public IReadOnlyList<string> OtherContentTypes { get; } =
    [
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
        "application/vnd.ms-word.document.macroenabled.12",
        "application/vnd.ms-word.template.macroenabled.12",
    ];

    public IReadOnlyList<string> Extensions { get; } = [".docx", ".docm", ".dotx", ".dotm"];

    public bool Recognizes(ReadOnlyMemory<byte> content) => ZipSignature.HasFolder(content.Span, "word/"u8);

    public ExtractedDocument Extract(DocumentSource source, ExtractionContext context) => WordExtractor.Extract(source, context);
}
