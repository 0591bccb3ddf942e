namespace RagPlatform.Documents;

/// <summary>Media types of documents (RFC 6838), as formats record them.</summary>
public static class ContentTypes
{
    public const string PlainText = "text/plain";
    public const string Markdown = "text/markdown";
    public const string Html = "text/html";
    public const string Word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    public const string PowerPoint = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
    public const string Excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    public const string Epub = "application/epub+zip";

    /// <summary>Declares nothing.</summary>
    internal const string Unknown = "application/octet-stream";

    /// <summary>What can be extracted.</summary>
    public static IReadOnlyList<string> All { get; } = [.. DocumentFormats.All.Where(format => format is not IRefusedFormat).Select(format => format.ContentType)];

    /// <summary>For people: source code is one of many types.</summary>
    internal static string Supported { get; } =
        $"{string.Join(", ", DocumentFormats.All.Where(format => format is not SourceCodeFormat and not IRefusedFormat).Select(format => format.ContentType))} and source code by its file name";

    /// <summary>"Text/Markdown; charset=utf-8" to "text/markdown"; null when it is of no format that can be extracted.</summary>
    public static string? Normalize(string contentType) => DocumentFormats.OfContentType(MediaType(contentType))?.ContentType;

    /// <summary>Lower case, without parameters.</summary>
    internal static string MediaType(string contentType)
    {
        ArgumentNullException.ThrowIfNull(contentType);
        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? contentType : contentType[..end]).Trim().ToLowerInvariant();
    }

    internal static string? Charset(string contentType)
    {
        foreach (var parameter in contentType.Split(';').Skip(1))
        {
            if (parameter.Split('=', 2) is [var name, var value] && name.Trim().Equals("charset", StringComparison.OrdinalIgnoreCase))
            {
                return value.Trim().Trim('"').ToLowerInvariant();
            }
        }

        return null;
    }

    internal static ExtractionException Unsupported(string field, string value) => new(
        ExtractionErrorCode.UnsupportedContentType,
        $"{field} is \"{(value.Length <= 100 ? value : value[..100] + "…")}\"; supported are {Supported}.",
        "Convert the document to one of these, or declare the type it really has.");
}
