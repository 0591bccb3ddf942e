using System.Runtime.InteropServices;

namespace RagPlatform.Transformers.Weights;

/// <summary>How a floating-point tensor is stored.</summary>
internal enum ElementType
{
    Float32,
    Float16,

    /// <summary>The upper half of an fp32.</summary>
    BFloat16,
}

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
}
