using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace RagPlatform.Documents;

/// <summary>Bytes to text: UTF-8, or UTF-16 by its byte order mark, strictly; nothing is replaced or guessed.</summary>
internal static class TextDecoder
{
    private const string Remedy = "Convert the document to UTF-8 and send it again.";

    public static string Decode(DocumentSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Decode(source.Content.Span, ContentTypes.Charset(source.ContentType));
    }

    private static string Decode(ReadOnlySpan<byte> content, string? charset)
    {
        var text = content switch
        {
            [0xFF, 0xFE, .. var rest] => DecodeUtf16(rest, bigEndian: false),
            [0xFE, 0xFF, .. var rest] => DecodeUtf16(rest, bigEndian: true),
            [0xEF, 0xBB, 0xBF, .. var rest] => DecodeUtf8(rest, offset: 3),
            _ => DecodeUtf8(content, offset: 0, charset),
        };
        var nul = text.IndexOf('\0', StringComparison.Ordinal);
        return nul < 0 ? text : throw new ExtractionException(
            ExtractionErrorCode.InvalidEncoding,
            $"content holds the character U+0000 at character {nul}: it is binary, or UTF-16 without a byte order mark.",
            Remedy);
    }

    private static string DecodeUtf8(ReadOnlySpan<byte> content, int offset, string? charset = null)
    {
        if (charset is not (null or "utf-8" or "utf8" or "us-ascii" or "ascii"))
        {
            throw new ExtractionException(
                ExtractionErrorCode.InvalidEncoding,
                $"content_type names the charset \"{charset}\"; only utf-8, and utf-16 with a byte order mark, are read.",
                Remedy);
        }

        var characters = ArrayPool<char>.Shared.Rent(content.Length);
        try
        {
            var status = Utf8.ToUtf16(content, characters, out var bytesRead, out var charactersWritten, replaceInvalidSequences: false);
            return status is OperationStatus.Done ? new string(characters, 0, charactersWritten) : throw Invalid("UTF-8", offset + bytesRead);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }

    private static string DecodeUtf16(ReadOnlySpan<byte> content, bool bigEndian)
    {
        const int byteOrderMarkBytes = 2;
        if (content.Length % 2 != 0)
        {
            throw Invalid("UTF-16", byteOrderMarkBytes + content.Length - 1);
        }

        var text = (bigEndian ? Encoding.BigEndianUnicode : Encoding.Unicode).GetString(content);
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                // GetString replaces a lone surrogate: look for it in the bytes.
                if (text[i] == '\uFFFD' && IsSurrogate(content.Slice(2 * i, 2), bigEndian))
                {
                    throw Invalid("UTF-16", byteOrderMarkBytes + (2 * i));
                }

                continue;
            }

            i++;
        }

        return text;
    }

    private static bool IsSurrogate(ReadOnlySpan<byte> unit, bool bigEndian) => (unit[bigEndian ? 0 : 1] & 0xF8) == 0xD8;

    private static ExtractionException Invalid(string encoding, int byteOffset) => new(
        ExtractionErrorCode.InvalidEncoding,
        $"content is not valid {encoding} at byte {byteOffset}.",
        Remedy);
}
