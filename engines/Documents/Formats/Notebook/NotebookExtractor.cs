using System.Text;

namespace RagPlatform.Documents;

/// <summary>
/// A notebook as its reader sees it: the prose of its Markdown cells with their headings, its code, and the text that the code
/// printed. Each block knows its cell; pictures are left out.
/// </summary>
internal sealed class NotebookExtractor(ExtractionContext context)
{
    private const string Format = "Jupyter notebook";

    private readonly DocumentTextBuilder _builder = new();
    private string _language = "";

    public ExtractedDocument Extract(DocumentSource source)
    {
        var bytes = JsonSyntax.Utf8Bytes(source);
        JsonSyntax.Check(bytes.Span, Format, firstLine: 1, context.CancellationToken);
        var root = new JsonSlice(bytes);
        var metadata = root.Member("metadata");
        _language = Text(metadata?.Member("language_info")?.Member("name")) is { Length: > 0 } name ? name : Text(metadata?.Member("kernelspec")?.Member("language"));
        var number = 0;
        foreach (var cell in Cells(root))
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            _builder.Location = new SourceLocation(LocationKind.Cell, ++number);
            Write(cell);
        }

        var title = Text(metadata?.Member("title"));
        return _builder.Build(title.Length > 0 ? title : Text(metadata?.Member("name")), Properties(metadata));
    }

    /// <summary>Format 4 has cells, format 3 has them in worksheets.</summary>
    private static IReadOnlyList<JsonSlice> Cells(JsonSlice root) => (root.Member("cells"), root.Member("worksheets")) switch
    {
        ({ IsArray: true } cells, _) => cells.Items(),
        (_, { IsArray: true } worksheets) => [.. worksheets.Items().SelectMany(worksheet => Items(worksheet.Member("cells")))],
        _ => throw ExtractionException.Damaged(Format, "it has no \"cells\""),
    };

    private void Write(JsonSlice cell)
    {
        switch (Text(cell.Member("cell_type")))
        {
            case "markdown":
                var markdown = Encoding.UTF8.GetBytes(Text(cell.Member("source")));
                var prose = DocumentExtractor.Extract(new DocumentSource(markdown, ContentTypes.Markdown), context);
                _builder.AddDocument(prose, heading => HeadingLevel(prose.Text.AsSpan(heading.Start, heading.End - heading.Start)));
                break;
            case "heading":
                _builder.AddHeading(int.TryParse(Text(cell.Member("level")), out var level) ? level : 1, Text(cell.Member("source")));
                break;
            case "code":
                _language = _language.Length > 0 ? _language : Text(cell.Member("language"));
                _builder.AddCode(Text(cell.Member("source") ?? cell.Member("input")));
                foreach (var output in Items(cell.Member("outputs")))
                {
                    _builder.AddQuote(NotebookOutput.Text(output, context));
                }

                break;
            default:
                _builder.AddParagraph(Text(cell.Member("source")));
                break;
        }
    }

    /// <summary>As written, "##" or underlined, because the levels go on from cell to cell.</summary>
    private static int HeadingLevel(ReadOnlySpan<char> written) => written[0] == '#' ? written.IndexOfAnyExcept('#') : written[^1] == '=' ? 1 : 2;

    private DocumentProperties Properties(JsonSlice? metadata)
    {
        var authors = Items(metadata?.Member("authors")).Select(author => Text(author.Member("name"))).Where(author => author.Length > 0);
        return new DocumentProperties
        {
            Author = string.Join("; ", authors),
            Metadata = _language.Length > 0 ? new Dictionary<string, string> { [SourceLanguage.MetadataKey] = _language } : [],
        };
    }

    private static IReadOnlyList<JsonSlice> Items(JsonSlice? array) => array is { IsArray: true } items ? items.Items() : [];

    /// <summary>A string, or lines of one; empty for anything else.</summary>
    internal static string Text(JsonSlice? value) => value switch
    {
        { IsString: true } text => text.Text(),
        { IsArray: true } lines => string.Concat(lines.Items().Where(line => line.IsString).Select(line => line.Text())),
        { IsContainer: false, IsNull: false } scalar => scalar.Text(),
        _ => "",
    };
}
