namespace RagPlatform.Documents;

/// <summary>Recognised to be refused with the right reason: see <see cref="CompoundFile"/>.</summary>
internal sealed class CompoundFileFormat : IRefusedFormat
{
    public string ContentType => "application/x-ole-storage";

    public IReadOnlyList<string> OtherContentTypes { get; } = ["application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint", "application/vnd.ms-outlook"];

    public IReadOnlyList<string> Extensions { get; } = [".doc", ".xls", ".ppt", ".dot", ".xlt", ".pot", ".pps", ".msg"];

    public bool Recognizes(ReadOnlyMemory<byte> content) => CompoundFile.IsCompound(content.Span);

    public ExtractedDocument Extract(DocumentSource source, ExtractionContext context)
    {
        CompoundFile.ThrowIfCompound(source.Content.Span);
        throw new ExtractionException(
            ExtractionErrorCode.UnsupportedContentType,
            $"content is declared as {source.ContentType}, an Office file of before 2007, which is not read, and is not even one.",
            "Declare the type it really has, or save it as DOCX, XLSX or PPTX.");
    }
}
