using System.Text;
using System.Text.Unicode;

namespace RagPlatform.Documents;

/// <summary>The formats that can be extracted, and how to tell which one a document is in.</summary>
public static class ContentTypes
{
    public const string PlainText = "text/plain";
    public const string Markdown = "text/markdown";
    public const string Html = "text/html";

    private const int SniffedBytes = 1024;

    public static IReadOnlyList<string> All { get; } = [PlainText, Markdown, Html];

    /// <summary>
    /// The declared type if there is one, else the one of the uri's ending, else the one the content looks like;
    /// null when there is none and the content is not text. "application/octet-stream" declares nothing.
    /// </summary>
    /// <exception cref="ExtractionException">UnsupportedContentType: a type is declared and is not one of <see cref="All"/>.</exception>
    public static string? Detect(string? declared, string? uri, ReadOnlySpan<byte> content)
    {
        if (!string.IsNullOrWhiteSpace(declared) && MediaType(declared) != "application/octet-stream")
        {
            return Normalize(declared) ?? throw Unsupported("content_type", declared);
        }

        return FromUri(uri) ?? FromContent(content);
    }

    /// <summary>"Text/Markdown; charset=utf-8" to "text/markdown"; null when it is not one of <see cref="All"/>.</summary>
    public static string? Normalize(string contentType)
    {
        ArgumentNullException.ThrowIfNull(contentType);
        return MediaType(contentType) switch
        {
            PlainText => PlainText,
            Markdown or "text/x-markdown" => Markdown,
            Html or "application/xhtml+xml" => Html,
            _ => null,
        };
    }

    internal static ExtractionException Unsupported(string field, string value) => new(
        ExtractionErrorCode.UnsupportedContentType,
        $"{field} is \"{(value.Length <= 100 ? value : value[..100] + "…")}\"; supported are {string.Join(", ", All)}.",
        "Convert the document to one of these, or declare the type it really has.");

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

    private static string MediaType(string contentType)
    {
        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? contentType : contentType[..end]).Trim().ToLowerInvariant();
    }

    private static string? FromUri(string? uri)
    {
        var path = uri.AsSpan();
        var end = path.IndexOfAny('?', '#');
        path = end < 0 ? path : path[..end];
        var dot = path.LastIndexOf('.');
        return (dot < 0 ? "" : path[dot..].ToString().ToLowerInvariant()) switch
        {
            ".txt" or ".text" or ".log" => PlainText,
            ".md" or ".markdown" or ".mdown" or ".mkd" => Markdown,
            ".html" or ".htm" or ".xhtml" => Html,
            _ => null,
        };
    }

    private static string? FromContent(ReadOnlySpan<byte> content)
    {
        var isUtf16 = content is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];
        if (content.IsEmpty || content.StartsWith("%PDF-"u8) || content.StartsWith("{\\rtf"u8)
            || (!isUtf16 && (content.Contains((byte)0) || !Utf8.IsValid(content))))
        {
            return null;
        }

        var encoding = isUtf16 ? content[0] == 0xFF ? Encoding.Unicode : Encoding.BigEndianUnicode : Encoding.UTF8;
        var start = encoding.GetString(content[..Math.Min(content.Length, SniffedBytes)]).TrimStart('\uFEFF').TrimStart();
        if (start.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
        {
            return Html;
        }

        return start.Split('\n').Any(LooksLikeMarkdown) ? Markdown : PlainText;
    }

    private static bool LooksLikeMarkdown(string line)
    {
        var level = line.AsSpan().IndexOfAnyExcept('#');
        return (level is >= 1 and <= 6 && line[level] == ' ') || line.StartsWith("```", StringComparison.Ordinal);
    }
}
