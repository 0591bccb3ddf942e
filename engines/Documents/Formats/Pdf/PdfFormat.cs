using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>PDF (ISO 32000). Its pages are read by a program of the host's; their structure is guessed here, from where lines stand and how large they are.</summary>
internal sealed class PdfFormat : IDocumentFormat
{
    private const int SignatureBytes = 1024;
    private const int MaxNamedPages = 20;

    private static readonly string[] NoTitles = ["(anonymous)", "untitled", "(unspecified)"];

    public string ContentType => "application/pdf";

    public IReadOnlyList<string> OtherContentTypes { get; } = ["application/x-pdf"];

    public IReadOnlyList<string> Extensions { get; } = [".pdf"];

    /// <summary>Readers accept the signature anywhere in the first kilobyte.</summary>
    public bool Recognizes(ReadOnlyMemory<byte> content) => content.Span[..Math.Min(content.Length, SignatureBytes)].IndexOf("%PDF-"u8) >= 0;

    public ExtractedDocument Extract(DocumentSource source, ExtractionContext context)
    {
        var reader = context.Pdf ?? throw new ExtractionException(
            ExtractionErrorCode.ToolMissing, "content is a PDF, and there is no program here that reads PDF.", "Convert it to text, HTML or DOCX, or send it to a service that has poppler installed.");
        var pdf = reader.Read(source.Content, context.CancellationToken);
        var empty = pdf.Pages.Index().Where(page => page.Item.Lines.Count == 0).Select(page => page.Index + 1).ToList();
        if (empty.Count == pdf.Pages.Count)
        {
            throw new ExtractionException(
                ExtractionErrorCode.Scanned,
                string.Create(CultureInfo.InvariantCulture, $"content is a PDF of {pdf.Pages.Count} pages without any text: they are pictures, or blank."),
                "Run a text recognition over it first (for example ocrmypdf) and send what that gives.");
        }

        var builder = Build(pdf, context.CancellationToken);
        foreach (var warning in pdf.Warnings)
        {
            builder.AddWarning(warning);
        }

        if (empty.Count > 0)
        {
            var named = string.Join(", ", empty.Take(MaxNamedPages));
            builder.AddWarning($"{empty.Count} of {pdf.Pages.Count} pages hold no text: {named}{(empty.Count > MaxNamedPages ? ", …" : "")}. If they are scanned, run a text recognition over the file.");
        }

        return builder.Build(IsTitle(pdf.Title) ? pdf.Title : "", pdf.Properties with { PageCount = pdf.Pages.Count });
    }

    private static DocumentTextBuilder Build(PdfText pdf, CancellationToken cancellationToken)
    {
        var pages = PdfFurniture.Remove(pdf.Pages);
        var builder = new DocumentTextBuilder();
        var paragraphs = new PdfParagraphs(builder, new PdfTextSizes(pages), new Hyphenation(pages.SelectMany(page => page.Lines).Select(line => line.Text)));
        foreach (var (index, page) in pages.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            builder.Location = new SourceLocation(LocationKind.Page, index + 1);
            foreach (var group in PdfReadingOrder.Of(page))
            {
                paragraphs.Add(group);
            }

            paragraphs.End();
        }

        return builder;
    }

    /// <summary>Programs write what they have there: a file's name, or nothing in words.</summary>
    private static bool IsTitle(string title) =>
        !NoTitles.Contains(title, StringComparer.OrdinalIgnoreCase) && !title.StartsWith("Microsoft Word - ", StringComparison.Ordinal) && !title.EndsWith(".doc", StringComparison.OrdinalIgnoreCase)
        && !title.EndsWith(".docx", StringComparison.OrdinalIgnoreCase) && !title.EndsWith(".tex", StringComparison.OrdinalIgnoreCase);
}
