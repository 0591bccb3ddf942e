using System.Text;

namespace RagPlatform.Transformers.Generation;

/// <summary>Characters of bytes that come in pieces, which may cut through a character. For one text.</summary>
internal sealed class Utf8Characters
{
    private readonly Decoder _characters = Encoding.UTF8.GetDecoder();

    /// <summary>The characters that are whole with these bytes.</summary>
    public string Append(ReadOnlySpan<byte> bytes) => Append(bytes, flush: false);

    /// <summary>U+FFFD where a character was not whole when the last bytes came; else nothing.</summary>
    public string Finish() => Append([], flush: true);

    private string Append(ReadOnlySpan<byte> bytes, bool flush)
    {
        var text = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        return new string(text, 0, _characters.GetChars(bytes, text, flush));
    }
}
