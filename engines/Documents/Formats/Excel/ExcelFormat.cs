namespace RagPlatform.Documents;

/// <summary>Excel workbooks of 2007 and later, with macros and templates too; not the binary .xlsb.</summary>
internal sealed class ExcelFormat : IDocumentFormat
{
    /// <summary>For messages.</summary>
    public const string Name = "XLSX";

    public string ContentType => ContentTypes.Excel;

    public IReadOnlyList<string> OtherContentTypes { get; } =
    [
        "application/vnd.openxmlformats-officedocument.spreadsheetml.template",
        "application/vnd.ms-excel.sheet.macroenabled.12",
        "application/vnd.ms-excel.template.macroenabled.12",
        "application/vnd.ms-excel.addin.macroenabled.12",
    ];

    public IReadOnlyList<string> Extensions { get; } = [".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam"];

    public bool Recognizes(ReadOnlyMemory<byte> content) => ZipSignature.HasFolder(content.Span, "xl/"u8);

    public ExtractedDocument Extract(DocumentSource source, ExtractionContext context) => ExcelExtractor.Extract(source, context);
}
