using System.Numerics;
using System.Runtime.InteropServices;

namespace RagPlatform.Search.Lexical;

/// <summary>
/// The best rows of one segment. Rows are taken in windows whose scores stay in the processor's nearest cache. In each, the
/// terms are parted by what they can add there at most: those that together cannot lift a row into the top are only asked
/// about rows that the others have found. While the top is not full, and where lists are so short that the bounds would
/// cost more than they save, every term is added to every row: term at a time.
/// Sources: H. Turtle and J. Flood, "Query evaluation: strategies and optimizations", 1995 (MaxScore); S. Ding and
/// T. Suel, SIGIR 2011 (block maxima); in windows as Lucene's MaxScoreBulkScorer.
/// </summary>
internal sealed class SegmentSearch(LexicalSegment segment, WeightedList[] lists, LengthNorm norm)
{
    private const int WindowRows = 4096;

    /// <summary>Asking for one row costs about as much as adding so many postings.</summary>
    private const int PostingsPerProbe = 8;

    /// <summary>With fewer, no pruning.</summary>
    private const int MinPostingsToPrune = 4096;

    /// <summary>Bounds and scores are rounded differently; bounds are raised by more than that.</summary>
    private const float Slack = 1.00001f;

    private readonly bool _prunes = lists.Sum(list => (long)list.Count) >= MinPostingsToPrune;

    public void Run(RowSet allowed, int firstRow, TopRows top)
    {
        var lengths = segment.RowLengths;
        foreach (ref var list in lists.AsSpan())
        {
            list.Prepare(lengths, norm);
        }

        Span<float> scores = stackalloc float[Math.Min(WindowRows, segment.RowCount)];
        Span<int> candidates = stackalloc int[scores.Length];
        Span<WindowTerm> terms = lists.Length <= 64 ? stackalloc WindowTerm[lists.Length] : new WindowTerm[lists.Length];
        for (var from = 0; from < segment.RowCount; from += WindowRows)
        {
            var to = Math.Min(from + WindowRows, segment.RowCount);
            var admitted = CountAllowed(allowed, from, to);
            if (admitted > 0)
            {
                var threshold = _prunes ? top.Threshold : float.NegativeInfinity;
                var present = Enter(from, to, threshold, terms);
                var found = Score(allowed, admitted, from, to, threshold, present, scores, candidates);
                foreach (var candidate in found)
                {
                    top.Offer(firstRow + from + candidate, scores[candidate]);
                }
            }
        }
    }

    /// <summary>The terms with postings in the window, those that can add least first.</summary>
    private Span<WindowTerm> Enter(int from, int to, float threshold, Span<WindowTerm> terms)
    {
        var present = 0;
        for (var list = 0; list < lists.Length; list++)
        {
            if (lists[list].Enter(from, to) is var blocks and > 0)
            {
                var bound = float.IsNegativeInfinity(threshold) ? 0 : lists[list].Bound(blocks, norm) * Slack;
                terms[present++] = new WindowTerm(list, blocks, bound, 0);
            }
        }

        terms = terms[..present];
        terms.Sort(static (left, right) => left.Bound.CompareTo(right.Bound));
        var sum = 0f;
        foreach (ref var term in terms)
        {
            sum += term.Bound;
            term = term with { BoundWithLesser = sum };
        }

        return terms;
    }

    /// <returns>Rows of the window, as offsets, that may enter the top, with their scores complete.</returns>
    private Span<int> Score(
        RowSet allowed, int admitted, int from, int to, float threshold, Span<WindowTerm> terms, Span<float> scores, Span<int> candidates)
    {
        var asked = 0;
        while (asked < terms.Length && terms[asked].BoundWithLesser < threshold)
        {
            asked++;
        }

        if (asked == terms.Length)
        {
            return [];
        }

        scores.Clear();
        if ((long)admitted * PostingsPerProbe < Postings(terms[asked..]))
        {
            candidates = Allowed(allowed, from, to, candidates);
            asked = terms.Length;
        }
        else
        {
            foreach (var term in terms[asked..])
            {
                lists[term.List].AddTo(scores, from, to, term.Blocks, segment.RowLengths, norm);
            }

            candidates = Scored(allowed, from, scores, threshold - (asked == 0 ? 0 : terms[asked - 1].BoundWithLesser), candidates);
        }

        while (asked > 0)
        {
            asked--;
            AddToCandidates(terms[asked], from, to, scores, candidates);
            candidates = Keep(candidates, scores, threshold - (asked == 0 ? 0 : terms[asked - 1].BoundWithLesser), isLast: asked == 0);
        }

        return candidates;
    }

    private void AddToCandidates(WindowTerm term, int from, int to, Span<float> scores, Span<int> candidates)
    {
        ref var list = ref lists[term.List];
        if ((long)candidates.Length * PostingsPerProbe < term.Blocks * PostingLayout.BlockRows)
        {
            list.AddTo(candidates, scores, from, term.Blocks, segment.RowLengths, norm);
        }
        else
        {
            list.AddTo(scores, from, to, term.Blocks, segment.RowLengths, norm);
        }
    }

    private static long Postings(Span<WindowTerm> terms)
    {
        long blocks = 0;
        foreach (var term in terms)
        {
            blocks += term.Blocks;
        }

        return blocks * PostingLayout.BlockRows;
    }

    private static int CountAllowed(RowSet allowed, int from, int to)
    {
        var count = 0;
        foreach (var word in allowed.Words[(from / 64)..((to + 63) / 64)])
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    private static Span<int> Allowed(RowSet allowed, int from, int to, Span<int> candidates)
    {
        var count = 0;
        for (var word = from / 64; word < (to + 63) / 64; word++)
        {
            for (var rest = allowed.Words[word]; rest != 0; rest &= rest - 1)
            {
                candidates[count++] = (word * 64) + BitOperations.TrailingZeroCount(rest) - from;
            }
        }

        return candidates[..count];
    }

    /// <summary>Allowed rows with a score above 0 and of at least <paramref name="least"/>.</summary>
    private static Span<int> Scored(RowSet allowed, int from, ReadOnlySpan<float> scores, float least, Span<int> candidates)
    {
        least = Math.Max(least, float.Epsilon);
        var count = 0;
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(scores);
        var limit = new Vector<float>(least);
        for (var vector = 0; vector < vectors.Length; vector++)
        {
            if (!Vector.GreaterThanOrEqualAny(vectors[vector], limit))
            {
                continue;
            }

            for (var row = vector * Vector<float>.Count; row < (vector + 1) * Vector<float>.Count; row++)
            {
                if (scores[row] >= least && allowed.Contains(from + row))
                {
                    candidates[count++] = row;
                }
            }
        }

        for (var row = vectors.Length * Vector<float>.Count; row < scores.Length; row++)
        {
            if (scores[row] >= least && allowed.Contains(from + row))
            {
                candidates[count++] = row;
            }
        }

        return candidates[..count];
    }

    private static Span<int> Keep(Span<int> candidates, ReadOnlySpan<float> scores, float least, bool isLast)
    {
        least = isLast ? Math.Max(least, float.Epsilon) : least;
        var count = 0;
        foreach (var candidate in candidates)
        {
            if (scores[candidate] >= least)
            {
                candidates[count++] = candidate;
            }
        }

        return candidates[..count];
    }

    /// <summary>A term in one window.</summary>
    /// <param name="Bound">What it can add to a row there at most; 0 where nothing is pruned.</param>
    /// <param name="BoundWithLesser">Together with all that come before it.</param>
    private readonly record struct WindowTerm(int List, int Blocks, float Bound, float BoundWithLesser);
}
