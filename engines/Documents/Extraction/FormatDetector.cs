namespace RagPlatform.Documents;

/// <summary>
/// Tells a document's format: by its content where that is certain, else by what is declared, else by its name's ending, else by
/// what the text looks like. Texts of several formats look alike, so between them the declaration wins.
/// </summary>
internal static class FormatDetector
{
    /// <exception cref="ExtractionException">UnsupportedContentType.</exception>
    public static DocumentSource Detect(ReadOnlyMemory<byte> content, string? declared, string name)
    {
        declared = string.IsNullOrWhiteSpace(declared) || ContentTypes.MediaType(declared) == ContentTypes.Unknown ? null : declared;
        var declaredFormat = declared is null ? null : DocumentFormats.OfContentType(ContentTypes.MediaType(declared));
        var expected = declaredFormat ?? DocumentFormats.OfName(name);
        var found = Choose(content, declared, expected, declaredFormat is not null);
        if (found == declaredFormat)
        {
            return new DocumentSource(content, declared!, name);
        }

        var charset = declared is null ? null : ContentTypes.Charset(declared);
        return new DocumentSource(content, charset is null ? found.ContentType : $"{found.ContentType}; charset={charset}", name)
        {
            Mismatch = declared is not null ? $"Declared {ContentTypes.MediaType(declared)}, but the content is {found.ContentType}; it is read as that."
                : expected is not null && expected != found ? $"Named as {expected.ContentType}, but the content is {found.ContentType}; it is read as that."
                : null,
        };
    }

    private static IDocumentFormat Choose(ReadOnlyMemory<byte> content, string? declared, IDocumentFormat? expected, bool isDeclared)
    {
        if (DocumentFormats.All.FirstOrDefault(format => !format.IsText && format.Recognizes(content)) is { } certain)
        {
            // A damaged DOCX is still a ZIP, and its owner has to know that it is damaged.
            return certain is ZipFormat && expected is { IsText: false } ? expected : certain;
        }

        if (UnreadableFormats.Find(content.Span) is { } unreadable)
        {
            throw unreadable;
        }

        if (expected is { IsText: true } && (isDeclared || declared is null))
        {
            return expected;
        }

        var recognized = DocumentFormats.OfContent(content);
        if (declared is not null && !isDeclared && !(recognized is not null && IsTextual(declared)))
        {
            throw ContentTypes.Unsupported("content_type", declared);
        }

        return (expected is { IsText: true } ? expected : recognized ?? expected) ?? throw new ExtractionException(
            ExtractionErrorCode.UnsupportedContentType,
            $"content_type: none is given and the content is of no known format; supported are {ContentTypes.Supported}.",
            "Declare the content type, or convert the document.");
    }

    /// <summary>Of a text format that has no reader of its own.</summary>
    private static bool IsTextual(string declared) =>
        ContentTypes.MediaType(declared) is var type
        && (type.StartsWith("text/", StringComparison.Ordinal) || type.EndsWith("+xml", StringComparison.Ordinal) || type.EndsWith("+json", StringComparison.Ordinal)
            || type is "application/xml" or "application/yaml" or "application/x-yaml" or "application/toml");
}
