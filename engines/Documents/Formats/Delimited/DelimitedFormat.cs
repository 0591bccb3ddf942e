namespace RagPlatform.Documents;

/// <summary>Tables as text: CSV (RFC 4180) and its relatives with semicolons, tabs or bars, whichever of the names they come under.</summary>
internal sealed class DelimitedFormat : IDocumentFormat
{
    public static readonly DelimitedFormat Csv = new("text/csv", ["application/csv", "text/x-csv", "text/comma-separated-values"], [".csv"], ',');

    public static readonly DelimitedFormat Tsv = new("text/tab-separated-values", ["text/tsv", "text/x-tab-separated-values"], [".tsv", ".tab"], '\t');

    private readonly char _usualDelimiter;

    private DelimitedFormat(string contentType, IReadOnlyList<string> otherContentTypes, IReadOnlyList<string> extensions, char usualDelimiter)
    {
        ContentType = contentType;
        OtherContentTypes = otherContentTypes;
        Extensions = extensions;
        _usualDelimiter = usualDelimiter;
    }

    public string ContentType { get; }

    public IReadOnlyList<string> OtherContentTypes { get; }

    public IReadOnlyList<string> Extensions { get; }

    public bool IsText => true;

    public bool Recognizes(ReadOnlyMemory<byte> content) => DelimiterSniffer.IsTable(content.Span, _usualDelimiter);

    public ExtractedDocument Extract(DocumentSource source, ExtractionContext context) =>
        DelimitedExtractor.Extract(TextDecoder.Decode(source), _usualDelimiter, context.CancellationToken);
}
