using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace RagPlatform.Search.Segments;

/// <summary>
/// Strings and small numbers, one after the other. A string is a number, twice its bytes, and its UTF-8. One that UTF-8
/// cannot express, because it holds half of a surrogate pair, is kept as UTF-16 and its number is odd: what comes out is
/// what went in, and offsets into it stay true. A number is 7 bits a byte, the lowest first.
/// </summary>
internal static class StoredText
{
    public static void Append(ArrayBufferWriter<byte> bytes, string text)
    {
        var isUtf16 = HasLoneSurrogate(text);
        var length = isUtf16 ? text.Length * sizeof(char) : Encoding.UTF8.GetByteCount(text);
        Append(bytes, ((uint)length << 1) | (isUtf16 ? 1u : 0));
        var span = bytes.GetSpan(Math.Max(1, length));
        if (isUtf16)
        {
            MemoryMarshal.AsBytes(text.AsSpan()).CopyTo(span);
        }
        else
        {
            Encoding.UTF8.GetBytes(text, span);
        }

        bytes.Advance(length);
    }

    public static void Append(ArrayBufferWriter<byte> bytes, uint number)
    {
        var span = bytes.GetSpan(5);
        var count = 0;
        for (; number >= 0x80; number >>= 7)
        {
            span[count++] = (byte)(number | 0x80);
        }

        span[count++] = (byte)number;
        bytes.Advance(count);
    }

    private static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOfAnyInRange('\uD800', '\uDFFF'); at >= 0 && at < text.Length; at += 2)
        {
            var next = text[at..].IndexOfAnyInRange('\uD800', '\uDFFF');
            if (next < 0)
            {
                return false;
            }

            at += next;
            if (!char.IsHighSurrogate(text[at]) || at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1]))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Reads what <see cref="StoredText"/> wrote, in the same order.</summary>
internal ref struct StoredTextReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public uint ReadNumber()
    {
        var number = 0u;
        for (var shift = 0; ; shift += 7)
        {
            var value = _rest[0];
            _rest = _rest[1..];
            number |= (uint)(value & 0x7F) << shift;
            if (value < 0x80)
            {
                return number;
            }
        }
    }

    public string ReadText()
    {
        var number = ReadNumber();
        var text = ReadBytes((int)(number >> 1));
        return (number & 1) == 0 ? Encoding.UTF8.GetString(text) : new string(MemoryMarshal.Cast<byte, char>(text));
    }

    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        var read = _rest[..count];
        _rest = _rest[count..];
        return read;
    }
}
