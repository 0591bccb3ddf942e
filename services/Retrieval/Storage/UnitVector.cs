using System.Buffers.Binary;
using System.Globalization;

namespace RagPlatform.Retrieval.Storage;

/// <summary>How vectors travel and are stored: dimension x fp32, little-endian, unit length, so that a dot product is a cosine.</summary>
internal static class UnitVector
{
    /// <summary>Allowed for the square of the length: half precision rounds by less, a vector that nobody normalised is off by more.</summary>
    private const double Tolerance = 0.01;

    /// <summary>What is wrong with the bytes, beginning "has" or "is"; null if they are a unit vector of that dimension.</summary>
    public static string? Fault(ReadOnlySpan<byte> bytes, int dimension)
    {
        if (bytes.Length != dimension * sizeof(float))
        {
            return $"has {bytes.Length} bytes, {dimension} dimensions have {dimension * sizeof(float)}";
        }

        var square = 0.0;
        for (; bytes.Length > 0; bytes = bytes[sizeof(float)..])
        {
            double value = BinaryPrimitives.ReadSingleLittleEndian(bytes);
            square += value * value;
        }

        return double.IsFinite(square)
            ? Math.Abs(square - 1) <= Tolerance ? null : string.Create(CultureInfo.InvariantCulture, $"has length {Math.Sqrt(square):0.###}, it must be 1")
            : "is not finite";
    }

    public static float[] Read(ReadOnlySpan<byte> bytes)
    {
        var vector = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        return vector;
    }
}
