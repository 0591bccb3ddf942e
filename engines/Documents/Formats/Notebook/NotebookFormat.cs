namespace RagPlatform.Documents;

/// <summary>Jupyter notebooks (nbformat 3 and 4).</summary>
internal sealed class NotebookFormat : IDocumentFormat
{
    private const int SniffedBytes = 64 * 1024;

    public string ContentType => "application/x-ipynb+json";

    public IReadOnlyList<string> OtherContentTypes { get; } = ["application/ipynb+json"];

    public IReadOnlyList<string> Extensions { get; } = [".ipynb"];

    public bool IsText => true;

    public bool Recognizes(ReadOnlyMemory<byte> content)
    {
        var start = content.Span[..Math.Min(content.Length, SniffedBytes)];
        // Sorted by name, as most programs write it, the version stands at the end.
        var end = content.Span[Math.Max(0, content.Length - SniffedBytes)..];
        return JsonFormat.StartsLikeJson(content.Span)
            && start.IndexOf("\"cell_type\""u8) >= 0
            && (start.IndexOf("\"cells\""u8) >= 0 || start.IndexOf("\"worksheets\""u8) >= 0)
            && (start.IndexOf("\"nbformat\""u8) >= 0 || end.IndexOf("\"nbformat\""u8) >= 0);
    }

    public ExtractedDocument Extract(DocumentSource source, ExtractionContext context) => new NotebookExtractor(context).Extract(source);
}
