using System.Buffers.Text;

namespace RagPlatform.Documents;

/// <summary>Content-Transfer-Encoding (RFC 2045, 6). What is not of the encoding is left out or kept as it is, never an error: mail gets damaged on its way.</summary>
internal static class TransferEncoding
{
    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> body, string encoding) => encoding.Trim().ToLowerInvariant() switch
    {
        "base64" => Base64(body.Span),
        "quoted-printable" => QuotedPrintable(body.Span),
        _ => body,
    };

    public static byte[] Base64(ReadOnlySpan<byte> encoded)
    {
        var digits = new byte[encoded.Length + 3];
        var count = 0;
        foreach (var character in encoded)
        {
            if (char.IsAsciiLetterOrDigit((char)character) || character is (byte)'+' or (byte)'/')
            {
                digits[count++] = character;
            }
        }

        // One digit alone holds six bits of a byte that is lost.
        count -= count % 4 == 1 ? 1 : 0;
        while (count % 4 != 0)
        {
            digits[count++] = (byte)'=';
        }

        var bytes = new byte[Base64Utf8Length(count)];
        System.Buffers.Text.Base64.DecodeFromUtf8(digits.AsSpan(0, count), bytes, out _, out var written);
        return bytes[..written];
    }

    public static byte[] QuotedPrintable(ReadOnlySpan<byte> encoded)
    {
        var bytes = new byte[encoded.Length];
        var count = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] != '=')
            {
                bytes[count++] = encoded[i];
                continue;
            }

            var rest = encoded[(i + 1)..];
            if (rest.Length >= 2 && char.IsAsciiHexDigit((char)rest[0]) && char.IsAsciiHexDigit((char)rest[1]))
            {
                bytes[count++] = (byte)((Hex(rest[0]) << 4) | Hex(rest[1]));
                i += 2;
            }
            else if (SoftBreak(rest) is > 0 and var skipped)
            {
                i += skipped;
            }
            else
            {
                bytes[count++] = (byte)'=';
            }
        }

        return bytes[..count];
    }

    private static int Base64Utf8Length(int digits) => System.Buffers.Text.Base64.GetMaxDecodedFromUtf8Length(digits);

    /// <summary>Length of white space and the line break after it; 0 when more stands on the line.</summary>
    private static int SoftBreak(ReadOnlySpan<byte> rest)
    {
        // Mail programs pad no further.
        const int maxPadding = 80;
        for (var i = 0; i < Math.Min(rest.Length, maxPadding); i++)
        {
            if (rest[i] == '\n')
            {
                return i + 1;
            }

            if (rest[i] is not ((byte)' ' or (byte)'\t' or (byte)'\r'))
            {
                return 0;
            }
        }

        return 0;
    }

    private static int Hex(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
