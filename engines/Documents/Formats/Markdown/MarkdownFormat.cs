namespace RagPlatform.Documents;

internal sealed class MarkdownFormat : IDocumentFormat
{
    public string ContentType => ContentTypes.Markdown;

    public IReadOnlyList<string> OtherContentTypes { get; } = ["text/x-markdown"];

    public IReadOnlyList<string> Extensions { get; } = [".md", ".markdown", ".mdown", ".mkd"];

    public bool IsText => true;

    public bool Recognizes(ReadOnlyMemory<byte> content) => TextSniffer.Start(content.Span) is { } start && start.Split('\n').Any(LooksLikeMarkdown);

    public ExtractedDocument Extract(DocumentSource source, ExtractionContext context) => MarkdownExtractor.Extract(TextDecoder.Decode(source));

    private static bool LooksLikeMarkdown(string line)
    {
        var level = line.AsSpan().IndexOfAnyExcept('#');
        return (level is >= 1 and <= 6 && line[level] == ' ') || line.StartsWith("```", StringComparison.Ordinal);
    }
}
