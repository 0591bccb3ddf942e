using System.Numerics;
using System.Runtime.InteropServices;

namespace RagPlatform.Search.Segments;

/// <summary>CRC-32C (Castagnoli; RFC 3720, appendix B.4). Processors have an instruction for it: several GB/s.</summary>
internal static class Checksum
{
    private const int BytesAtOnce = 1 << 30;

    public static uint Of(ReadOnlySpan<byte> bytes) => Extend(0, bytes);

    public static unsafe uint Of(byte* pointer, long length)
    {
        var checksum = 0u;
        for (long from = 0; from < length; from += BytesAtOnce)
        {
            checksum = Extend(checksum, new ReadOnlySpan<byte>(pointer + from, (int)Math.Min(BytesAtOnce, length - from)));
        }

        return checksum;
    }

    /// <summary>The checksum of what <paramref name="checksum"/> is of, followed by <paramref name="bytes"/>. Of nothing it is 0.</summary>
    public static uint Extend(uint checksum, ReadOnlySpan<byte> bytes)
    {
        var rest = ~checksum;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            rest = BitOperations.Crc32C(rest, word);
        }

        foreach (var value in bytes[(words.Length * sizeof(ulong))..])
        {
            rest = BitOperations.Crc32C(rest, value);
        }

        return ~rest;
    }
}
