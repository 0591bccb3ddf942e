using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
            best[pair] = new BestPair(Saturate(frequencies[from]), Saturate(lengths[to - 1]));
        }

        return best;
    }

    /// <summary>The greatest f / (f + constant + slope · length); 1 for a frequency too great to be kept.</summary>
    public readonly float Bound(float constant, float slope)
    {
        var bound = 0f;
        for (var pair = 0; pair < Pairs; pair++)
        {
            var (frequency, length) = this[pair];
            if (frequency == ushort.MaxValue)
            {
                return 1;
            }

            if (frequency == 0)
            {
                break;
            }

            bound = Math.Max(bound, frequency / (frequency + constant + (slope * length)));
        }

        return bound;
    }

    public readonly bool Equals(BestPairs other) => ((ReadOnlySpan<BestPair>)this).SequenceEqual(other);

    public override readonly bool Equals(object? obj) => obj is BestPairs other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(this[0], this[1], this[2], this[3]);

    private static ushort Saturate(int value) => (ushort)Math.Min(value, ushort.MaxValue);
}

[StructLayout(LayoutKind.Sequential)]
internal readonly record struct BestPair(ushort Frequency, ushort Length);
