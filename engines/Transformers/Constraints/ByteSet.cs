using System.Runtime.CompilerServices;

namespace RagPlatform.Transformers.Constraints;

/// <summary>A set of byte values.</summary>
internal readonly struct ByteSet
{
    private readonly Bits _bits;

    private ByteSet(Bits bits) => _bits = bits;

    public static ByteSet Of(byte value) => Range(value, value);

    /// <summary>From the first to the last, both included.</summary>
    public static ByteSet Range(byte first, byte last)
    {
        var bits = new Bits();
        for (int value = first; value <= last; value++)
        {
            bits[value >> 6] |= 1UL << (value & 63);
        }

        return new ByteSet(bits);
    }

    public static ByteSet AnyOf(ReadOnlySpan<byte> values)
    {
        var set = default(ByteSet);
        foreach (var value in values)
        {
            set |= Of(value);
        }

        return set;
    }

    public static ByteSet operator |(ByteSet left, ByteSet right)
    {
        var bits = new Bits();
        for (var i = 0; i < Bits.Count; i++)
        {
            bits[i] = left._bits[i] | right._bits[i];
        }

        return new ByteSet(bits);
    }

    public ByteSet Except(ByteSet other)
    {
        var bits = new Bits();
        for (var i = 0; i < Bits.Count; i++)
        {
            bits[i] = _bits[i] & ~other._bits[i];
        }

        return new ByteSet(bits);
    }

    public bool Contains(byte value) => (_bits[value >> 6] >> (value & 63) & 1) != 0;

    [InlineArray(Count)]
    private struct Bits
    {
        public const int Count = 4;

        private ulong _first;
    }
}
