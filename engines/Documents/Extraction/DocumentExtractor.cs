namespace RagPlatform.Documents;

/// <summary>Turns a document's bytes into stored text with blocks, headings and a title. Time is linear in the bytes.</summary>
public static class DocumentExtractor
{
    /// <summary>64 MiB.</summary>
    public const int MaxContentBytes = 64 * 1024 * 1024;

    /// <summary>Markdown quotes and lists inside one another.</summary>
    public const int MaxNestingDepth = 64;

    /// <summary>Paragraphs, list items, rows.</summary>
    public const int MaxBlocks = 500_000;

    /// <summary>Of Markdown, whose parser spends microseconds on each: short lines without end must not keep it for minutes.</summary>
    public const int MaxMarkdownLines = 1_000_000;

    /// <param name="content">UTF-8, or UTF-16 with a byte order mark; at most <see cref="MaxContentBytes"/>.</param>
    /// <param name="contentType">One of <see cref="ContentTypes.All"/>; parameters such as "; charset=utf-8" are accepted.</param>
    /// <exception cref="ExtractionException">With the code that fits, the field, its value, the limit and a remedy.</exception>
    public static ExtractedDocument Extract(ReadOnlySpan<byte> content, string contentType)
    {
        ArgumentNullException.ThrowIfNull(contentType);
        var type = ContentTypes.Normalize(contentType) ?? throw ContentTypes.Unsupported("content_type", contentType);
        if (content.Length > MaxContentBytes)
        {
            throw new ExtractionException(
                ExtractionErrorCode.TooLarge,
                $"content is {content.Length} bytes; the limit is {MaxContentBytes}.",
                "Split the document into smaller ones.");
        }

        var source = TextDecoder.Decode(content, ContentTypes.Charset(contentType));
        var document = type switch
        {
            ContentTypes.Markdown => MarkdownExtractor.Extract(source),
            ContentTypes.Html => HtmlExtractor.Extract(source),
            _ => PlainTextExtractor.Extract(source),
        };
        if (document.Blocks.Count == 0)
        {
            throw new ExtractionException(
                ExtractionErrorCode.NoText,
                $"content holds no readable text: {content.Length} bytes of {type} gave 0 blocks.",
                "Send a document with text in it; pictures and scripts are not read.");
        }

        return document;
    }
}
