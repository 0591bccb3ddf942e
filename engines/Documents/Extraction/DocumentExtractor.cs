using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>Turns a document's bytes into stored text with blocks, headings, places and a title. Time is linear in the bytes.</summary>
/// <param name="pdf">Reads PDF pages; without it PDF documents fail with that reason.</param>
public sealed class DocumentExtractor(IPdfTextReader? pdf = null)
{
    /// <summary>64 MiB.</summary>
    public const int MaxContentBytes = 64 * 1024 * 1024;

    /// <summary>Of the stored text, in UTF-16 code units: 32 Mi, which are 64 MiB.</summary>
    public const int MaxTextCharacters = 32 * 1024 * 1024;

    /// <summary>Markdown quotes and lists, JSON values, HTML elements and the like inside one another.</summary>
    public const int MaxNestingDepth = 64;

    /// <summary>Paragraphs, list items, rows.</summary>
    public const int MaxBlocks = 500_000;

    /// <summary>Of Markdown, whose parser spends microseconds on each: short lines without end must not keep it for minutes.</summary>
    public const int MaxMarkdownLines = 1_000_000;

    /// <summary>Links that are kept; further ones are left out.</summary>
    public const int MaxLinks = 10_000;

    /// <summary>Warnings that are kept; further ones are left out.</summary>
    public const int MaxWarnings = 20;

    /// <summary>That all decompression for one document may give: 256 MiB.</summary>
    public const long MaxUnpackedBytes = 256L * 1024 * 1024;

    /// <summary>Documents inside one, over all depths.</summary>
    public const int MaxParts = 10_000;

    /// <summary>Archives and e-mails inside one another.</summary>
    public const int MaxPartDepth = 4;

    /// <summary>
    /// By the content where that is certain, else the declared type, else the name's ending, else what the text looks like; where
    /// the content is not what was declared, the source says so. "application/octet-stream" declares nothing.
    /// </summary>
    /// <exception cref="ExtractionException">UnsupportedContentType: none can be told, or nothing of that type can be extracted.</exception>
    public static DocumentSource Detect(ReadOnlyMemory<byte> content, string? declared, string? name) => FormatDetector.Detect(content, declared, name ?? "");

    /// <exception cref="ExtractionException">With the code that fits, the field, its value, the limit and a remedy.</exception>
    public ExtractedDocument Extract(DocumentSource source, CancellationToken cancellationToken)
    {
        var document = Extract(source, new ExtractionContext(pdf, cancellationToken));
        return document.Blocks.Count > 0 ? document : throw new ExtractionException(
            ExtractionErrorCode.NoText,
            $"content holds no readable text: {source.Content.Length} bytes of {ContentTypes.MediaType(source.ContentType)} gave 0 blocks.",
            "Send a document with text in it; pictures and scripts are not read.");
    }

    /// <summary>As <see cref="Extract(DocumentSource, CancellationToken)"/>; a part may be empty.</summary>
    internal static ExtractedDocument Extract(DocumentSource source, ExtractionContext context)
    {
        ArgumentNullException.ThrowIfNull(source);
        var format = DocumentFormats.OfContentType(ContentTypes.MediaType(source.ContentType)) ?? throw ContentTypes.Unsupported("content_type", source.ContentType);
        if (source.Content.Length > MaxContentBytes)
        {
            throw new ExtractionException(
                ExtractionErrorCode.TooLarge,
                string.Create(CultureInfo.InvariantCulture, $"content is {source.Content.Length} bytes; the limit is {MaxContentBytes}."),
                "Split the document into smaller ones.");
        }

        context.CancellationToken.ThrowIfCancellationRequested();
        return DocumentFinish.Apply(format.Extract(source, context), source, format);
    }
}
