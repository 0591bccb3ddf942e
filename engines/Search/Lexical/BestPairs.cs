using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RagPlatform.Search.Lexical;

/// <summary>
/// At most four pairs (frequency, length) of which one is at least as good as any posting of a block: more frequent and
/// no longer. BM25 grows with frequency and falls with length, so they bound the block's scores whatever the mean length,
/// k1 and b of the query. Source: S. Ding and T. Suel, "Faster top-k document retrieval using block-max indexes",
/// SIGIR 2011; pairs in place of scores as in Lucene's impacts.
/// </summary>
[InlineArray(Pairs)]
internal struct BestPairs : IEquatable<BestPairs>
{
    private const int Pairs = 4;
    private const float AllButSaturated = 0.999f;

    private BestPair _first;

    /// <summary>Reorders both spans.</summary>
    public static BestPairs Of(Span<int> frequencies, Span<int> lengths)
    {
        // From the most frequent on, only what is shorter than all before can be better anywhere.
        frequencies.Sort(lengths, static (left, right) => right.CompareTo(left));
        var count = 0;
        for (var i = 0; i < frequencies.Length; i++)
        {
            if (count > 0 && frequencies[count - 1] == frequencies[i])
            {
                lengths[count - 1] = Math.Min(lengths[count - 1], lengths[i]);
            }
            else if (count == 0 || lengths[i] < lengths[count - 1])
            {
                (frequencies[count], lengths[count]) = (frequencies[i], lengths[i]);
                count++;
            }
        }

        var best = default(BestPairs);
        for (var pair = 0; pair < Math.Min(count, Pairs); pair++)
        {
            // Where there are more than four, neighbours share a pair: the most frequent's frequency, the shortest's length.
            var from = pair * count / Math.Min(count, Pairs);
            var to = (pair + 1) * count / Math.Min(count, Pairs);
            var (frequency, length) = (frequencies[from], lengths[to - 1]);
            best[pair] = frequency < ushort.MaxValue
                ? new BestPair((ushort)frequency, (ushort)Math.Min(length, ushort.MaxValue))
                : new BestPair(ushort.MaxValue, 0);
        }

        return best;
    }

    /// <summary>The greatest f / (f + constant + slope · length).</summary>
    public readonly float Bound(LengthNorm norm)
    {
        var pairs = Vector128.LoadUnsafe(in Unsafe.As<BestPair, uint>(ref Unsafe.AsRef(in _first)));
        var frequencies = Vector128.ConvertToSingle((pairs & Vector128.Create((uint)ushort.MaxValue)).AsInt32());
        var lengths = Vector128.ConvertToSingle((pairs >>> 16).AsInt32());
        var bounds = frequencies / (frequencies + Vector128.Create(norm.Constant) + (lengths * norm.Slope));
        var bound = Math.Max(Math.Max(bounds[0], bounds[1]), Math.Max(bounds[2], bounds[3]));
        // A frequency too great to be kept is kept as the greatest that can be, with no length: all but 1.
        return bound > AllButSaturated ? 1 : bound;
    }

    public readonly bool Equals(BestPairs other) => ((ReadOnlySpan<BestPair>)this).SequenceEqual(other);

    public override readonly bool Equals(object? obj) => obj is BestPairs other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(this[0], this[1], this[2], this[3]);
}

[StructLayout(LayoutKind.Sequential)]
internal readonly record struct BestPair(ushort Frequency, ushort Length);
