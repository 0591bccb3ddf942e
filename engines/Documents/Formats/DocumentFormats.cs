namespace RagPlatform.Documents;

/// <summary>The registry of formats, the most particular first: the first that recognises a content has it.</summary>
public static class DocumentFormats
{
    public static IReadOnlyList<IDocumentFormat> All { get; } =
    [
        new WordFormat(),
        new PowerPointFormat(),
        new ExcelFormat(),
        new EpubFormat(),
        new CompoundFileFormat(),
        new OpenDocumentFormat(),
        new PdfFormat(),
        new ZipFormat(),
        new GzipFormat(),
        new TarFormat(),
        new EmailFormat(),
        new NotebookFormat(),
        new JsonLinesFormat(),
        new JsonFormat(),
        .. SourceCodeFormat.All,
        new HtmlFormat(),
        DelimitedFormat.Csv,
        DelimitedFormat.Tsv,
        new MarkdownFormat(),
        new PlainTextFormat(),
    ];

    private static readonly Dictionary<string, IDocumentFormat> ByContentType = All
        .SelectMany(format => format.OtherContentTypes.Prepend(format.ContentType).Select(type => (type, format)))
        .ToDictionary(entry => entry.type, entry => entry.format, StringComparer.Ordinal);

    private static readonly Dictionary<string, IDocumentFormat> ByExtension = All
        .SelectMany(format => format.Extensions.Select(extension => (extension, format)))
        .ToDictionary(entry => entry.extension, entry => entry.format, StringComparer.Ordinal);

    /// <param name="mediaType">Lower case, without parameters.</param>
    public static IDocumentFormat? OfContentType(string mediaType) => ByContentType.GetValueOrDefault(mediaType);

    /// <param name="name">A path or uri; its query and fragment do not count.</param>
    public static IDocumentFormat? OfName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var end = name.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? name : name[..end];
        var dot = path.LastIndexOf('.');
        return dot < 0 ? null : ByExtension.GetValueOrDefault(path[dot..].ToLowerInvariant());
    }

    public static IDocumentFormat? OfContent(ReadOnlyMemory<byte> content) => All.FirstOrDefault(format => format.Recognizes(content));
}
