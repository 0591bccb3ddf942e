using System.Buffers.Binary;

namespace RagPlatform.Embedding.Serving;

/// <summary>How vectors travel, in RPCs and messages: dimension x fp32, little-endian.</summary>
internal static class VectorBytes
{
    public static byte[] From(ReadOnlySpan<float> vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        }

        return bytes;
    }
}
