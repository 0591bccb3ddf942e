using System.Globalization;
using System.Text;

namespace RagPlatform.Documents;

/// <summary>"=?utf-8?B?R3LDvMOfZQ==?=" in header fields (RFC 2047). Neighbouring words are joined before they are decoded, because programs cut characters in two.</summary>
internal static class EncodedWords
{
    /// <summary>The RFC allows 75; programs write longer ones.</summary>
    private const int MaxWordCharacters = 4096;

    public static string Decode(string value)
    {
        if (!value.Contains("=?", StringComparison.Ordinal))
        {
            return value;
        }

        var text = new StringBuilder(value.Length);
        var pending = new List<byte>();
        var pendingCharset = "";
        for (var i = 0; i < value.Length;)
        {
            var next = value.IndexOf("=?", i, StringComparison.Ordinal);
            var between = value.AsSpan(i, (next < 0 ? value.Length : next) - i);
            var word = next < 0 ? null : Word(value, next);
            if (word is null)
            {
                Flush();
                text.Append(between).Append(next < 0 ? "" : "=?");
                i = next < 0 ? value.Length : next + 2;
                continue;
            }

            if (pending.Count == 0 || !between.IsWhiteSpace() || !word.Charset.Equals(pendingCharset, StringComparison.OrdinalIgnoreCase))
            {
                var isBetweenWords = pending.Count > 0 && between.IsWhiteSpace();
                Flush();
                text.Append(isBetweenWords ? "" : between);
            }

            pendingCharset = word.Charset;
            pending.AddRange(word.Bytes);
            i = word.End;
        }

        Flush();
        return text.ToString();

        void Flush()
        {
            text.Append(MailCharset.Decode(pending.ToArray(), pendingCharset, out _));
            pending.Clear();
        }
    }

    private static EncodedWord? Word(string value, int start)
    {
        var limit = Math.Min(value.Length, start + MaxWordCharacters);
        var charsetEnd = value.IndexOf('?', start + 2, limit - start - 2);
        if (charsetEnd < 0 || charsetEnd + 2 >= limit || value[charsetEnd + 2] != '?')
        {
            return null;
        }

        var textStart = charsetEnd + 3;
        var end = value.IndexOf("?=", textStart, limit - textStart, StringComparison.Ordinal);
        var charset = value[(start + 2)..charsetEnd];
        // RFC 2231, 5: a language may follow the charset.
        charset = charset.Split('*')[0];
        return end < 0 || charset.Length == 0 ? null : char.ToUpper(value[charsetEnd + 1], CultureInfo.InvariantCulture) switch
        {
            'B' => new EncodedWord(charset, TransferEncoding.Base64(Encoding.ASCII.GetBytes(value[textStart..end])), end + 2),
            'Q' => new EncodedWord(charset, TransferEncoding.QuotedPrintable(Encoding.UTF8.GetBytes(value[textStart..end].Replace('_', ' '))), end + 2),
            _ => null,
        };
    }

    private sealed record EncodedWord(string Charset, byte[] Bytes, int End);
}
