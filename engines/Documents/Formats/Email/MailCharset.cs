using System.Text;
using System.Text.Unicode;

namespace RagPlatform.Documents;

/// <summary>Bytes of an e-mail to text. Mail is often not what it declares, and is still read: by UTF-8 where it is that, else by Windows-1252.</summary>
internal static class MailCharset
{
    /// <summary>What old mail in a Western language is in; a superset of ISO 8859-1.</summary>
    private static readonly Encoding Western = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <param name="bytes">Of a text.</param>
    /// <param name="charset">As declared; may be empty.</param>
    /// <param name="isKnown">False when the charset is unknown, and the text a guess.</param>
    public static string Decode(ReadOnlySpan<byte> bytes, string charset, out bool isKnown)
    {
        var encoding = Find(charset.Trim());
        isKnown = encoding is not null;
        var text = encoding is null or UTF8Encoding or ASCIIEncoding
            ? (Utf8.IsValid(bytes) ? Encoding.UTF8 : Western).GetString(bytes)
            : encoding.GetString(bytes);
        return text.TrimStart('\uFEFF').Replace("\0", "", StringComparison.Ordinal);
    }

    private static Encoding? Find(string charset)
    {
        if (charset.Length == 0)
        {
            return Encoding.UTF8;
        }

        if (charset.Equals("iso-8859-1", StringComparison.OrdinalIgnoreCase) || charset.Equals("latin1", StringComparison.OrdinalIgnoreCase))
        {
            return Western;
        }

        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
