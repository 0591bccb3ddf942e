using System.Numerics;

namespace RagPlatform.Tokenization.Json.Models;

/// <summary>
/// Where a text can be cut before its pairs are joined without changing what they join to: between two characters that
/// stand next to each other in no token that merges make. So texts that nothing splits need not be spelled whole.
/// </summary>
internal sealed class MergeBounds
{
    private const int MinBits = 8;
    private const int MaxBits = 22;
    private const int BitsPerToken = 32;

    // By a hash of two neighbouring UTF-16 units. Two pairs may share a bit: then a cut is missed, none is wrong.
    private readonly ulong[] _joined;
    private readonly int _bits;

    /// <param name="tokens">All that merges make.</param>
    /// <param name="count">How many these are.</param>
    public MergeBounds(IEnumerable<string> tokens, int count)
    {
        _bits = Math.Clamp(BitOperations.Log2((uint)count + 1) + BitOperations.Log2(BitsPerToken), MinBits, MaxBits);
        _joined = new ulong[(1 << _bits) / 64];
        foreach (var token in tokens)
        {
            for (var i = 1; i < token.Length; i++)
            {
                var bit = Bit(token[i - 1], token[i]);
                _joined[bit >> 6] |= 1UL << (bit & 63);
            }
        }
    }

    /// <summary>How long the beginning is that joins with nothing after it.</summary>
    public int IndependentLength(ReadOnlySpan<char> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            var bit = Bit(text[i - 1], text[i]);
            if ((_joined[bit >> 6] & (1UL << (bit & 63))) == 0 && !char.IsLowSurrogate(text[i]))
            {
                return i;
            }
        }

        return text.Length;
    }

    private int Bit(char left, char right) => (int)((((uint)left << 16) | right) * 0x9E37_79B1u >> (32 - _bits));
}
