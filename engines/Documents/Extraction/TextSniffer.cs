using System.Text;
using System.Text.Unicode;

namespace RagPlatform.Documents;

/// <summary>Tells text from bytes that are none.</summary>
internal static class TextSniffer
{
    private const int SniffedBytes = 1024;

    /// <summary>The first kilobyte as text, without a byte order mark and leading white space; null when the content is no text.</summary>
    public static string? Start(ReadOnlySpan<byte> content)
    {
        var isUtf16 = content is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];
        if (content.IsEmpty || content.StartsWith("%PDF-"u8) || content.StartsWith("{\\rtf"u8) || (!isUtf16 && (content.Contains((byte)0) || !Utf8.IsValid(content))))
        {
            return null;
        }

        var encoding = isUtf16 ? content[0] == 0xFF ? Encoding.Unicode : Encoding.BigEndianUnicode : Encoding.UTF8;
        return encoding.GetString(content[..Math.Min(content.Length, SniffedBytes)]).TrimStart('\uFEFF').TrimStart();
    }
}
