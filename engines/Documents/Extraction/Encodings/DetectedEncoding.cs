using System.Text;

namespace RagPlatform.Documents;

/// <summary>How a content's bytes are to be read as text.</summary>
/// <param name="Encoding">Throws on bytes that are none of its.</param>
/// <param name="Name">As the IANA registers it, lower case.</param>
/// <param name="MarkBytes">Of the byte order mark before the text.</param>
/// <param name="IsGuessed">By what the bytes look like, for nothing says it.</param>
internal sealed record DetectedEncoding(Encoding Encoding, string Name, int MarkBytes = 0, bool IsGuessed = false)
{
    public static readonly DetectedEncoding Utf8 = new(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), "utf-8");
}
