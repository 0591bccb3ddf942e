using System.Text;

namespace RagPlatform.Documents;

/// <summary>
/// A chapter as HTML that any HTML reader takes: decoded, and with end tags where XML needs none. "&lt;title/&gt;" would make
/// all that follows a title.
/// </summary>
internal static class Xhtml
{
    private const int MaxDeclarationBytes = 256;

    private static readonly HashSet<string> Void = new(StringComparer.OrdinalIgnoreCase)
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    };

    public static string ToHtml(byte[] content, string path)
    {
        var text = Decode(content, path);
        var html = new StringBuilder(text.Length);
        var written = 0;
        for (var i = 0; (i = text.IndexOf('<', i)) >= 0;)
        {
            var end = MarkupEnd(text, i);
            if (end < 0)
            {
                break;
            }

            if (text[i + 1] == '?')
            {
                // The XML declaration names an encoding that the text no longer is in.
                html.Append(text, written, i - written);
                written = end + 1;
            }
            else if (text[end - 1] == '/' && char.IsLetter(text[i + 1]) && Name(text, i + 1) is var name && !Void.Contains(name))
            {
                html.Append(text, written, end - 1 - written).Append("></").Append(name).Append('>');
                written = end + 1;
            }

            i = end + 1;
        }

        return html.Append(text, written, text.Length - written).ToString();
    }

    private static string Decode(byte[] content, string path)
    {
        var encoding = content switch
        {
            [0xFF, 0xFE, ..] => Encoding.Unicode,
            [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
            _ => Declared(Encoding.Latin1.GetString(content, 0, Math.Min(content.Length, MaxDeclarationBytes))),
        };
        try
        {
            return encoding.GetString(content).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException exception)
        {
            throw new ExtractionException(
                ExtractionErrorCode.InvalidEncoding, $"content: {path} in the EPUB is not valid {encoding.WebName} at byte {exception.Index}.", "Make the book again with a current program.");
        }
    }

    /// <summary>What an XML declaration names, else UTF-8 (XML 1.0, 4.3.3).</summary>
    private static Encoding Declared(string start)
    {
        var declaration = start.TrimStart('\u00EF', '\u00BB', '\u00BF');
        var end = declaration.StartsWith("<?xml", StringComparison.Ordinal) ? declaration.IndexOf("?>", StringComparison.Ordinal) : -1;
        var at = end < 0 ? -1 : declaration.IndexOf("encoding", 0, end, StringComparison.Ordinal);
        var quoted = at < 0 ? [] : declaration[at..end].Split('"', '\'');
        return Strict(quoted.Length > 1 ? quoted[1] : "utf-8");
    }

    /// <summary>UTF-8 for names that are not known, and for those of UTF-16, which could not have been read up to here.</summary>
    private static Encoding Strict(string name)
    {
        if (!name.StartsWith("utf-", StringComparison.OrdinalIgnoreCase)
            && CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ReplacementFallback, DecoderFallback.ExceptionFallback) is { } encoding)
        {
            return encoding;
        }

        return name.ToUpperInvariant() switch
        {
            "ISO-8859-1" or "LATIN1" => Encoding.Latin1,
            _ => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true),
        };
    }

    private static string Name(string text, int start)
    {
        var end = start;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is ':' or '-' or '_' or '.'))
        {
            end++;
        }

        return text[start..end];
    }

    /// <summary>The last character of the tag, comment, section or declaration that starts there; -1 when it never ends.</summary>
    private static int MarkupEnd(string text, int start)
    {
        var rest = text.AsSpan(start);
        if (rest.StartsWith("<!--"))
        {
            return After(text, start, "-->");
        }

        if (rest.StartsWith("<![CDATA["))
        {
            return After(text, start, "]]>");
        }

        if (rest.StartsWith("<?"))
        {
            return After(text, start, "?>");
        }

        var quote = '\0';
        for (var i = start + 1; i < text.Length; i++)
        {
            if (quote != '\0')
            {
                quote = text[i] == quote ? '\0' : quote;
            }
            else if (text[i] is '"' or '\'')
            {
                quote = text[i];
            }
            else if (text[i] == '>')
            {
                return i;
            }
        }

        return -1;
    }

    private static int After(string text, int start, string mark) => text.IndexOf(mark, start, StringComparison.Ordinal) is >= 0 and var at ? at + mark.Length - 1 : -1;
}
