using System.Text;
using System.Text.RegularExpressions;

namespace RagPlatform.Documents;

/// <summary>The charset that a document declares for itself.</summary>
internal static partial class DeclaredCharset
{
    private const int SearchedBytes = 1024;

    /// <summary>That of the content type, else of the XML declaration, else of an HTML page's meta element; null where there is none.</summary>
    public static string? Find(DocumentSource source)
    {
        if (ContentTypes.Charset(source.ContentType) is { Length: > 0 } charset)
        {
            return charset;
        }

        var isHtml = ContentTypes.MediaType(source.ContentType) is ContentTypes.Html or "application/xhtml+xml";
        var start = Encoding.Latin1.GetString(source.Content.Span[..Math.Min(source.Content.Length, SearchedBytes)]);
        return XmlDeclaration.Match(start) is { Success: true } xml ? xml.Groups["name"].Value
            : isHtml && Meta.Match(start) is { Success: true } meta ? meta.Groups["name"].Value
            : null;
    }

    [GeneratedRegex("""^\s*<\?xml[^>]*\sencoding\s*=\s*["'](?<name>[A-Za-z0-9_.:-]{1,40})["']""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex XmlDeclaration { get; }

    [GeneratedRegex("""<meta\s[^>]*charset\s*=\s*["']?\s*(?<name>[A-Za-z0-9_.:-]{1,40})""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Meta { get; }
}
