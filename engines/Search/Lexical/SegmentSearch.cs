using System.Numerics;
using System.Runtime.CompilerServices;

namespace RagPlatform.Search.Lexical;

/// <summary>
/// The best rows of one segment. Rows are taken in windows whose scores stay in the processor's nearest cache. In each, the
/// terms are parted by what they can add there at most: those that together cannot lift a row into the top are only asked
/// about rows that the others have found. While the top is not full, and where lists are so short that bounds cost more
/// than they save, every term is added to every row: term at a time.
/// Sources: H. Turtle and J. Flood, "Query evaluation: strategies and optimizations", 1995 (MaxScore); S. Ding and
/// T. Suel, SIGIR 2011 (block maxima); in windows as Lucene's MaxScoreBulkScorer.
/// </summary>
internal sealed class SegmentSearch(LexicalSegment segment, WeightedList[] lists, LengthNorm norm)
{
    /// <summary>
    /// Asking for one row is taken to cost as much as adding so many postings. A question on 85,000 chunks took 82 µs with
    /// 2, 65 with 8, 61 with 32, and no less with more.
    /// </summary>
    private const int PostingsPerProbe = 32;

    /// <summary>With fewer to add, the candidates of a window are not counted; from 0 to 512 it made no difference.</summary>
    private const int PostingsPerCount = 512;

    /// <summary>
    /// With fewer postings in all lists, no pruning: the best 10 of 85,000 chunks took 47 µs without and 52 with it at 22,000
    /// postings, 81 and 81 at 56,000, 96 and 94 at 72,000.
    /// </summary>
    private const int MinPostingsToPrune = 65_536;

    /// <summary>Bounds and scores are rounded differently; bounds are raised by more than that.</summary>
    private const float Slack = 1.00001f;

    private const int MaxTermsOnStack = 64;

    private readonly bool _prunes = lists.Sum(list => (long)list.Count) >= MinPostingsToPrune;

    [SkipLocalsInit]
    public void Run(RowSet allowed, int firstRow, TopRows top)
    {
        var lengths = segment.RowLengths;
        foreach (ref var list in lists.AsSpan())
        {
            list.Prepare(lengths, norm);
        }

        var window = new WindowScores(stackalloc float[WindowScores.Rows], stackalloc float[WindowScores.Rows]);
        Span<int> candidates = stackalloc int[WindowScores.Rows];
        Span<WindowTerm> terms = lists.Length <= MaxTermsOnStack ? stackalloc WindowTerm[MaxTermsOnStack] : new WindowTerm[lists.Length];
        for (var from = 0; from < lengths.Length; from += WindowScores.Rows)
        {
            var to = Math.Min(from + WindowScores.Rows, lengths.Length);
            var admitted = CountAllowed(allowed, from, to);
            var present = admitted == 0 ? [] : Enter(from, to, _prunes ? top.Threshold : float.NegativeInfinity, terms);
            var asked = CountAsked(present, top.Threshold);
            if (asked == present.Length)
            {
                continue;
            }

            window.Begin(from, lengths, norm);
            var found = (long)admitted * PostingsPerProbe < Postings(present[asked..])
                ? Ask(window, present, Allowed(allowed, from, to, candidates), top.Threshold)
                : Score(window, present, asked, allowed, candidates, top.Threshold);
            foreach (var row in found)
            {
                top.Offer(firstRow + from + row, window.Scores[row]);
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
                var bound = float.IsNegativeInfinity(threshold) ? float.PositiveInfinity : lists[list].Bound(blocks, norm) * Slack;
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

    /// <summary>The first terms that together cannot lift a row into the top.</summary>
    private static int CountAsked(ReadOnlySpan<WindowTerm> terms, float threshold)
    {
        var asked = 0;
        while (asked < terms.Length && terms[asked].BoundWithLesser < threshold)
        {
            asked++;
        }

        return asked;
    }

    /// <summary>
    /// Adds to all rows the terms that could lift one into the top alone, then those to be asked, until so few rows are
    /// left that could still get there that asking about them is less than adding the rest.
    /// </summary>
    private Span<int> Score(
        in WindowScores window, Span<WindowTerm> terms, int asked, RowSet allowed, Span<int> candidates, float threshold)
    {
        for (var i = terms.Length - 1; i >= 0; i--)
        {
            if (i < asked && Postings(terms[..(i + 1)]) is var rest and > PostingsPerCount)
            {
                var least = Math.Max(threshold - terms[i].BoundWithLesser, float.Epsilon);
                if ((long)window.CountScored(least) * PostingsPerProbe * (i + 1) < rest)
                {
                    return Ask(window, terms[..(i + 1)], window.Scored(allowed, least, candidates), threshold);
                }
            }

            lists[terms[i].List].AddTo(window, terms[i].Blocks);
        }

        return window.Scored(allowed, Math.Max(threshold, float.Epsilon), candidates);
    }

    /// <summary>Completes the candidates' scores, the terms that can add most first, and drops those that cannot enter the top.</summary>
    private Span<int> Ask(in WindowScores window, ReadOnlySpan<WindowTerm> terms, Span<int> candidates, float threshold)
    {
        for (var i = terms.Length - 1; i >= 0 && candidates.Length > 0; i--)
        {
            ref var list = ref lists[terms[i].List];
            if ((long)candidates.Length * PostingsPerProbe < terms[i].Blocks * PostingLayout.BlockRows)
            {
                list.AddTo(window, terms[i].Blocks, candidates);
            }
            else
            {
                list.AddTo(window, terms[i].Blocks);
            }

            candidates = Keep(candidates, window.Scores, i == 0 ? Math.Max(threshold, float.Epsilon) : threshold - terms[i - 1].BoundWithLesser);
        }

        return candidates;
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

    private static Span<int> Keep(Span<int> candidates, ReadOnlySpan<float> scores, float least)
    {
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
    /// <param name="Bound">What it can add to a row there at most; infinite where nothing is pruned.</param>
    /// <param name="BoundWithLesser">Together with all that come before it.</param>
    private readonly record struct WindowTerm(int List, int Blocks, float Bound, float BoundWithLesser);
}
