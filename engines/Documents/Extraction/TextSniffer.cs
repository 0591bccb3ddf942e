namespace RagPlatform.Documents;

/// <summary>Tells text from bytes that are none.</summary>
internal static class TextSniffer
{
    private const int SniffedBytes = 16 * 1024;
    private const int GivenCharacters = 1024;
    private const int MaxCharacterBytes = 4;

    /// <summary>The first kilobyte as text, without leading white space; null when the content is no text.</summary>
    public static string? Start(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty || content.StartsWith("%PDF-"u8) || content.StartsWith("{\\rtf"u8))
        {
            return null;
        }

        if (content.Length <= SniffedBytes)
        {
            return Decode(content);
        }

        // The last character of a sample may be cut.
        for (var bytes = SniffedBytes; bytes > SniffedBytes - MaxCharacterBytes; bytes--)
        {
            if (Decode(content[..bytes]) is { } start)
            {
                return start;
            }
        }

        return null;
    }

    private static string? Decode(ReadOnlySpan<byte> content)
    {
        if (EncodingDetector.Detect(content, charset: null) is not { } encoding || !TextDecoder.IsValid(content[encoding.MarkBytes..], encoding.Encoding))
        {
            return null;
        }

        var text = encoding.Encoding.GetString(content[encoding.MarkBytes..]);
        return text.Contains('\0', StringComparison.Ordinal) ? null : text[..Math.Min(text.Length, GivenCharacters)].TrimStart();
    }
}
