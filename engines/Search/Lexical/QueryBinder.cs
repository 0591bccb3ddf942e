using System.Text;

namespace RagPlatform.Search.Lexical;

/// <summary>
/// Finds a query's terms in the segments and weighs them over all of them. Where one word stands for several terms, a
/// prefix or a mistyped word, each scores, with the inverse document frequency of the most frequent: a rare neighbour is
/// no better evidence than the word itself. A term at distance d from a mistyped word counts 1 / (1 + d).
/// </summary>
internal sealed class QueryBinder(
    LexicalQuery query, IReadOnlyList<LexicalSegment> segments, Bm25 bm25, long liveRows)
{
    /// <summary>After expansion; what comes later finds nothing.</summary>
    private const int MaxTerms = 1024;

    private readonly long _rows = segments.Sum(segment => (long)segment.RowCount);

    public List<BoundTerm> BindTerms()
    {
        var bound = new List<BoundTerm>(query.Terms.Count);
        foreach (var term in query.Terms)
        {
            var (held, distance) = Resolve(term.Term, term.IsPrefix, term.MayBeMistyped);
            var idf = held.Count == 0 ? 0 : held.Min(one => one.InverseDocumentFrequency);
            var weight = term.Weight * idf * (bm25.K1 + 1) / (1 + distance);
            bound.AddRange(held.Take(MaxTerms - bound.Count).Select(one => new BoundTerm(one.Term, term.Word, idf, weight, one.Numbers)));
        }

        return bound;
    }

    public List<BoundCondition> BindConditions()
    {
        var bound = new List<BoundCondition>(query.Conditions.Count);
        foreach (var condition in query.Conditions)
        {
            if (condition.Terms.Count > 1)
            {
                bound.Add(new BoundCondition(condition.Excludes, IsPhrase: true,
                    [.. condition.Terms.Select(term => new BoundPhraseTerm(NumbersOf(term.Term), term.Offset))]));
                continue;
            }

            // What must not occur is meant as it is written.
            var term = condition.Terms[0].Term;
            var mayBeMistyped = !condition.Excludes && query.Terms.Any(other => other.Term == term && other.MayBeMistyped);
            var (held, _) = Resolve(term, condition.IsPrefix, mayBeMistyped);
            bound.Add(new BoundCondition(condition.Excludes, IsPhrase: false, [.. held.Select(one => new BoundPhraseTerm(one.Numbers, 0))]));
        }

        return bound;
    }

    private (IReadOnlyList<HeldTerm> Terms, int Distance) Resolve(string term, bool isPrefix, bool mayBeMistyped)
    {
        if (isPrefix)
        {
            return ([.. PrefixTerms.Of(term, query.StemOf(term), segments).Select(Hold)], 0);
        }

        var held = Hold(term);
        if (held.Numbers.AsSpan().ContainsAnyExcept(-1))
        {
            return ([held], 0);
        }

        if (!query.TypoTolerance || !mayBeMistyped)
        {
            return ([], 0);
        }

        var (nearest, distance) = NearestTerms.Of(term, segments);
        return ([.. nearest.Select(Hold)], distance);
    }

    private HeldTerm Hold(string term)
    {
        var numbers = NumbersOf(term);
        long count = 0;
        for (var segment = 0; segment < numbers.Length; segment++)
        {
            count += numbers[segment] < 0 ? 0 : segments[segment].CountOf(numbers[segment]);
        }

        // Deleted rows are still in the lists; they are taken to hold the term as often as the others do.
        var live = _rows == 0 ? 0 : (double)count * liveRows / _rows;
        return new HeldTerm(term, Bm25.InverseDocumentFrequency(liveRows, live), numbers);
    }

    private int[] NumbersOf(string term)
    {
        var bytes = Encoding.UTF8.GetBytes(term);
        var numbers = new int[segments.Count];
        for (var segment = 0; segment < numbers.Length; segment++)
        {
            numbers[segment] = segments[segment].Find(bytes);
        }

        return numbers;
    }

    private readonly record struct HeldTerm(string Term, float InverseDocumentFrequency, int[] Numbers);
}
