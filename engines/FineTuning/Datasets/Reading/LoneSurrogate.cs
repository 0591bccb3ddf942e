using System.Buffers.Text;

namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>Finds escapes such as <c>\ud83d</c> that stand alone: valid by JSON's grammar, but no text (RFC 8259, 8.2).</summary>
internal static class LoneSurrogate
{
    private const int EscapeBytes = 6;

    /// <summary>Place of the first one's backslash; -1 where there is none.</summary>
    public static int Find(ReadOnlySpan<byte> json)
    {
        var position = 0;
        while (json[position..].IndexOf((byte)'\\') is var next and >= 0)
        {
            position += next;
            var code = Escape(json[position..]);
            if (code is >= 0xDC00 and <= 0xDFFF)
            {
                return position;
            }

            if (code is >= 0xD800 and <= 0xDBFF)
            {
                if (Escape(json[(position + EscapeBytes)..]) is not (>= 0xDC00 and <= 0xDFFF))
                {
                    return position;
                }

                position += EscapeBytes;
            }

            position += code >= 0 ? EscapeBytes : Math.Min(2, json.Length - position);
        }

        return -1;
    }

    private static int Escape(ReadOnlySpan<byte> json) =>
        json.Length >= EscapeBytes && json[0] == '\\' && json[1] == 'u'
            && Utf8Parser.TryParse(json[2..EscapeBytes], out ushort code, out var consumed, 'x') && consumed == EscapeBytes - 2
            ? code
            : -1;
}
