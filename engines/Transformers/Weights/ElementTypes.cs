using System.Runtime.InteropServices;
using RagPlatform.Numerics;

namespace RagPlatform.Transformers.Weights;

internal static class ElementTypes
{
    private const int ConversionBytes = 64 * 1024;

    public static int SizeBytes(this ElementType type) => type == ElementType.Float32 ? 4 : 2;

    /// <summary>Fills <paramref name="values"/> from the stream's next bytes, little-endian.</summary>
    /// <exception cref="EndOfStreamException">The stream ends too early.</exception>
    public static void ReadValues(this ElementType type, Stream stream, Span<float> values)
    {
        if (type == ElementType.Float32)
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(values));
            return;
        }
        var buffer = new byte[Math.Min(ConversionBytes, 2 * values.Length)];
        while (!values.IsEmpty)
        {
            var count = Math.Min(values.Length, buffer.Length / 2);
            stream.ReadExactly(buffer, 0, 2 * count);
            var halves = MemoryMarshal.Cast<byte, short>(buffer)[..count];
            for (var i = 0; i < count; i++)
            {
                values[i] = type == ElementType.Float16
                    ? (float)BitConverter.Int16BitsToHalf(halves[i])
                    : BitConverter.Int32BitsToSingle(halves[i] << 16);
            }
            values = values[count..];
        }
    }

    /// <summary>The 16-bit form nearest to a value, ties to even; false for a finite value beyond the type's range.</summary>
    public static bool TryConvert(this ElementType type, float value, out ushort converted)
    {
        if (type == ElementType.Float16)
        {
            var half = (Half)value;
            converted = BitConverter.HalfToUInt16Bits(half);
            return !Half.IsInfinity(half) || float.IsInfinity(value);
        }
        var bits = BitConverter.SingleToUInt32Bits(value);
        // A NaN stays one: rounding could carry its bits into those of infinity.
        converted = float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
        return !float.IsFinite(value) || (converted & 0x7f80) != 0x7f80;
    }
}
