namespace RagPlatform.Documents;

/// <summary>ZIP archives of documents. Stands after the formats that are ZIP files themselves.</summary>
internal sealed class ZipFormat : IDocumentFormat
{
    public string ContentType => "application/zip";

    public IReadOnlyList<string> OtherContentTypes { get; } = ["application/x-zip-compressed", "application/x-zip"];

    public IReadOnlyList<string> Extensions { get; } = [".zip"];

    public bool Recognizes(ReadOnlyMemory<byte> content) => ZipReader.IsZip(content.Span);

    public ExtractedDocument Extract(DocumentSource source, ExtractionContext context)
    {
        var zip = ZipReader.Open(source.Content, "ZIP", context);
        var files = new ArchiveFiles("ZIP", context);
        foreach (var entry in zip.Entries)
        {
            files.Add(entry.Path, () => zip.ReadAllBytes(entry));
        }

        return files.Build(source.FileName);
    }
}
