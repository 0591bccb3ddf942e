namespace RagPlatform.FineTuning.Datasets.Similarity;

/// <summary>
/// Finds pairs of similar texts without comparing all with all: texts whose sketches agree in a whole band are candidates
/// (locality-sensitive hashing; Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", 3.4), and each is then measured.
/// With 25 bands of 5, a pair of similarity 0.8 is a candidate with probability 0.9999. Work is bounded by the texts' number,
/// not its square: of a band's equal texts each meets at most 16, and each text is measured at most 32 times in vain.
/// </summary>
internal sealed class SimilarPairs
{
    /// <summary>As in K. Lee et al., "Deduplicating Training Data Makes Language Models Better", 2022.</summary>
    public const double LeastSimilarity = 0.8;

    private const int Bands = 25;
    private const int Rows = 5;
    private const int MaxMetInBand = 16;
    private const int MaxMeasuredInVain = 32;
    private const double LeastEstimate = 0.7;
    private const int TextBits = 24;

    private readonly TextSketches first;
    private readonly TextSketches? second;
    private readonly int[] inVain;

    private SimilarPairs(TextSketches first, TextSketches? second)
    {
        (this.first, this.second) = (first, second);
        inVain = new int[first.Count + (second?.Count ?? 0)];
        if (inVain.Length > 1 << TextBits)
        {
            throw new ArgumentException($"There are {inVain.Length:N0} texts; at most {1 << TextBits:N0} can be compared.", nameof(first));
        }
    }

    /// <summary>Pairs within one set of texts.</summary>
    /// <param name="texts">Distinct.</param>
    /// <param name="isKnown">The pair need not be measured, since both are already together.</param>
    /// <param name="found">Told of each pair: the earlier text, the later, their similarity.</param>
    /// <param name="cancellationToken">Looked at in every band.</param>
    public static void Within(TextSketches texts, Func<int, int, bool> isKnown, Action<int, int, double> found, CancellationToken cancellationToken) =>
        new SimilarPairs(texts, null).Visit(isKnown, found, cancellationToken);

    /// <summary>Pairs of a text of one set with a text of another.</summary>
    public static void Between(TextSketches first, TextSketches second, Action<int, int, double> found, CancellationToken cancellationToken) =>
        new SimilarPairs(first, second).Visit((_, _) => false, (earlier, later, similarity) => found(earlier, later - first.Count, similarity), cancellationToken);

    private void Visit(Func<int, int, bool> isKnown, Action<int, int, double> found, CancellationToken cancellationToken)
    {
        var keys = new ulong[inVain.Length];
        for (var band = 0; band < Bands; band++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var i = 0; i < keys.Length; i++)
            {
                keys[i] = (Key(Sketch(i), band) << TextBits) | (uint)i;
            }

            Array.Sort(keys);
            for (var begin = 0; begin < keys.Length;)
            {
                var end = begin + 1;
                while (end < keys.Length && keys[end] >> TextBits == keys[begin] >> TextBits)
                {
                    end++;
                }

                VisitGroup(keys.AsSpan(begin, end - begin), band, isKnown, found);
                cancellationToken.ThrowIfCancellationRequested();
                begin = end;
            }
        }
    }

    private void VisitGroup(ReadOnlySpan<ulong> group, int band, Func<int, int, bool> isKnown, Action<int, int, double> found)
    {
        var boundary = 0;
        while (second is not null && boundary < group.Length && Text(group[boundary]) < first.Count)
        {
            boundary++;
        }

        for (var i = second is null ? 1 : boundary; i < group.Length; i++)
        {
            var end = second is null ? i : boundary;
            for (var j = end - 1; j >= Math.Max(0, end - MaxMetInBand); j--)
            {
                Meet(Text(group[j]), Text(group[i]), band, isKnown, found);
            }
        }
    }

    private void Meet(int earlier, int later, int band, Func<int, int, bool> isKnown, Action<int, int, double> found)
    {
        var left = Sketch(earlier);
        var right = Sketch(later);
        if (inVain[later] >= MaxMeasuredInVain || TextSketches.Estimate(left, right) < LeastEstimate || isKnown(earlier, later) || HaveMet(left, right, band))
        {
            return;
        }

        var similarity = second is null
            ? TextSketches.Similarity(first, earlier, first, later, LeastSimilarity)
            : TextSketches.Similarity(first, earlier, second, later - first.Count, LeastSimilarity);
        if (similarity >= LeastSimilarity)
        {
            found(earlier, later, similarity);
        }
        else
        {
            inVain[later]++;
        }
    }

    private static bool HaveMet(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int band)
    {
        for (var earlier = 0; earlier < band; earlier++)
        {
            if (Key(left, earlier) == Key(right, earlier))
            {
                return true;
            }
        }

        return false;
    }

    private ReadOnlySpan<byte> Sketch(int text) => text < first.Count ? first.Sketch(text) : second!.Sketch(text - first.Count);

    private static int Text(ulong key) => (int)(key & ((1ul << TextBits) - 1));

    private static ulong Key(ReadOnlySpan<byte> sketch, int band)
    {
        var key = 0ul;
        for (var row = 0; row < Rows; row++)
        {
            key = (key << 8) | sketch[(band * Rows) + row];
        }

        return key;
    }
}
