namespace RagPlatform.Transformers.Onnx;

/// <summary>
/// The symmetric 4-bit form of MatMulNBits (microsoft/onnxruntime, ContribOperators.md): each row is cut into blocks
/// with one scale each, two values to a byte, the lower half first, value = (q − 8)·scale. A row's last block is
/// filled up.
/// </summary>
internal static class Int4Blocks
{
    private const int Zero = 8;

    public static int BlocksPerRow(int depth, int block) => (depth - 1) / block + 1;

    /// <summary>Number of bytes that hold the rows.</summary>
    public static long SizeBytes(int rows, int depth, int block) => (long)rows * BlocksPerRow(depth, block) * (block / 2);

    /// <summary>Fills <paramref name="values"/>, row-major [rows, depth].</summary>
    public static void Dequantise(
        ReadOnlySpan<byte> packed, ReadOnlySpan<float> scales, int depth, int block, Span<float> values)
    {
        while (!values.IsEmpty)
        {
            var row = values[..depth];
            for (; !row.IsEmpty; row = row[Math.Min(block, row.Length)..])
            {
                DequantiseBlock(packed[..(block / 2)], scales[0], row[..Math.Min(block, row.Length)]);
                packed = packed[(block / 2)..];
                scales = scales[1..];
            }
            values = values[depth..];
        }
    }

    private static void DequantiseBlock(ReadOnlySpan<byte> packed, float scale, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var pair = packed[i / 2];
            values[i] = (((i & 1) == 0 ? pair & 0xf : pair >> 4) - Zero) * scale;
        }
    }
}
