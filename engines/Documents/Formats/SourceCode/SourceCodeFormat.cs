namespace RagPlatform.Documents;

/// <summary>Source code of one language. Without a name that says so, only a "#!" line tells it.</summary>
internal sealed class SourceCodeFormat(SourceLanguage language) : IDocumentFormat
{
    private const int MaxShebangBytes = 256;

    public static IReadOnlyList<IDocumentFormat> All { get; } = [.. SourceLanguages.All.Select(language => new SourceCodeFormat(language))];

    public string ContentType => language.ContentType;

    public IReadOnlyList<string> OtherContentTypes => language.OtherContentTypes;

    public IReadOnlyList<string> Extensions => language.Extensions;

    public bool IsText => true;

    public bool Recognizes(ReadOnlyMemory<byte> content) => language.Interpreters.Count > 0 && Interpreter(content.Span) is { } program && language.Interpreters.Contains(program);

    public ExtractedDocument Extract(DocumentSource source, ExtractionContext context) =>
        SourceCodeExtractor.Extract(TextDecoder.Decode(source), language, source.FileName, context.CancellationToken);

    /// <summary>"python" of "#!/usr/bin/env -S python3.12 -u"; null when there is no such line.</summary>
    private static string? Interpreter(ReadOnlySpan<byte> content)
    {
        if (!content.StartsWith("#!"u8))
        {
            return null;
        }

        var line = content[2..Math.Min(content.Length, MaxShebangBytes)];
        var end = line.IndexOfAny((byte)'\n', (byte)'\r');
        var words = System.Text.Encoding.ASCII.GetString(end < 0 ? line : line[..end]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var program = words.Select(word => word[(word.LastIndexOf('/') + 1)..]).FirstOrDefault(word => word.Length > 0 && word != "env" && word[0] != '-');
        return program?.TrimEnd("0123456789.".ToCharArray());
    }
}
