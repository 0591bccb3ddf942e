using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace RagPlatform.Documents;

/// <summary>Bytes to text, strictly: nothing is replaced.</summary>
internal static class TextDecoder
{
    private const string Remedy = "Convert the document to UTF-8, or declare its charset (\"text/plain; charset=shift_jis\"), and send it again.";

    /// <exception cref="ExtractionException">InvalidEncoding, naming the byte.</exception>
    public static string Decode(DocumentSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var content = source.Content.Span;
        var encoding = Detect(source) ?? (content.Contains((byte)0) ? throw Binary(content.IndexOf((byte)0)) : DetectedEncoding.Utf8);
        var text = Decode(content, encoding);
        var nul = text.IndexOf('\0', StringComparison.Ordinal);
        return nul < 0 ? text : throw Binary(nul);
    }

    /// <summary>How <see cref="Decode"/> reads it; null when it cannot.</summary>
    public static DetectedEncoding? Detect(DocumentSource source) => EncodingDetector.Detect(source.Content.Span, DeclaredCharset.Find(source));

    public static bool IsValid(ReadOnlySpan<byte> content, Encoding encoding)
    {
        try
        {
            encoding.GetCharCount(content);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static string Decode(ReadOnlySpan<byte> content, DetectedEncoding encoding)
    {
        var bytes = content[encoding.MarkBytes..];
        if (encoding.Name == DetectedEncoding.Utf8.Name)
        {
            return DecodeUtf8(bytes, encoding.MarkBytes);
        }

        try
        {
            return encoding.Encoding.GetString(bytes);
        }
        catch (DecoderFallbackException failure)
        {
            // UTF-16 tells where it noticed: at the unit after half of a pair.
            var early = encoding.Encoding is UnicodeEncoding && failure.BytesUnknown is { Length: 2 } && failure.Index >= 2 && !IsAt(bytes, failure.Index, failure.BytesUnknown) ? 2 : 0;
            throw Invalid(encoding.Name, encoding.MarkBytes + Math.Max(0, failure.Index) - early);
        }
    }

    private static bool IsAt(ReadOnlySpan<byte> content, int index, byte[] bytes) => content[Math.Min(index, content.Length)..].StartsWith(bytes);

    private static string DecodeUtf8(ReadOnlySpan<byte> content, int offset)
    {
        var characters = ArrayPool<char>.Shared.Rent(content.Length);
        try
        {
            var status = Utf8.ToUtf16(content, characters, out var bytesRead, out var charactersWritten, replaceInvalidSequences: false);
            return status is OperationStatus.Done ? new string(characters, 0, charactersWritten) : throw Invalid("utf-8", offset + bytesRead);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }

    private static ExtractionException Binary(int position) => new(
        ExtractionErrorCode.InvalidEncoding, $"content holds U+0000 at {position}: it is binary, or text in an encoding that is unknown here.", Remedy);

    private static ExtractionException Invalid(string encoding, int byteOffset) => new(
        ExtractionErrorCode.InvalidEncoding, $"content is not valid {encoding} at byte {byteOffset}.", Remedy);
}
