using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>
/// A term's dimension in the sparse vectors: MurmurHash3 x86 32-bit (A. Appleby, public domain) of its UTF-8, seed 0. Two terms may
/// share a dimension and then count as one: about one pair of 100,000 terms does, about 116 pairs of a million.
/// </summary>
internal static class TermHash
{
    public static uint Of(string term) => Of(Encoding.UTF8.GetBytes(term));

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var length = (uint)bytes.Length;
        var hash = 0u;
        for (; bytes.Length >= 4; bytes = bytes[4..])
        {
            hash = (BitOperations.RotateLeft(hash ^ Scramble(BinaryPrimitives.ReadUInt32LittleEndian(bytes)), 13) * 5) + 0xE6546B64;
        }

        var tail = 0u;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            tail = (tail << 8) | bytes[i];
        }

        return Finish(hash ^ Scramble(tail) ^ length);
    }

    private static uint Scramble(uint block) => BitOperations.RotateLeft(block * 0xCC9E2D51, 15) * 0x1B873593;

    private static uint Finish(uint hash)
    {
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }
}
