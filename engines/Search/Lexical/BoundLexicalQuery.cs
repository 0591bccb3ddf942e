namespace RagPlatform.Search.Lexical;

/// <summary>
/// A query against given segments, scored by BM25 with the statistics of all of them. Valid as long as the segments are;
/// not synchronised.
/// </summary>
public sealed class BoundLexicalQuery
{
    private readonly IReadOnlyList<LexicalSegment> _segments;
    private readonly List<BoundTerm> _terms;
    private readonly List<BoundCondition> _conditions;
    private readonly LengthNorm _norm;

    private BoundLexicalQuery(IReadOnlyList<LexicalSegment> segments, List<BoundTerm> terms, List<BoundCondition> conditions, LengthNorm norm)
    {
        _segments = segments;
        _terms = terms;
        _conditions = conditions;
        _norm = norm;
    }

    /// <summary>No segment holds a term that scores.</summary>
    public bool IsEmpty => _terms.Count == 0;

    /// <summary>Some rows are ruled out by what they must or must not hold; see <see cref="Restrict"/>.</summary>
    public bool IsRestricted => _conditions.Count > 0;

    /// <param name="liveRows">Of all segments together.</param>
    /// <param name="meanLength">Of the live rows.</param>
    public static BoundLexicalQuery Bind(LexicalQuery query, IReadOnlyList<LexicalSegment> segments, Bm25 bm25, long liveRows, double meanLength)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(segments);
        var binder = new QueryBinder(query, segments, bm25, liveRows);
        return new BoundLexicalQuery(segments, binder.BindTerms(), binder.BindConditions(), LengthNorm.Of(bm25, meanLength));
    }

    /// <summary>Offers the segment's allowed rows that score and meet the conditions. Rows that cannot enter the top are passed over.</summary>
    /// <param name="allowed">Rows of the segment.</param>
    /// <param name="firstRow">Added to each row.</param>
    public void Search(int segment, RowSet allowed, int firstRow, TopRows top)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        ArgumentNullException.ThrowIfNull(top);
        var lists = new List<WeightedList>(_terms.Count);
        foreach (var term in _terms)
        {
            if (term.Numbers[segment] >= 0)
            {
                lists.Add(new WeightedList(_segments[segment].ListAt(term.Numbers[segment]), term.Weight));
            }
        }

        if (lists.Count > 0)
        {
            new SegmentSearch(_segments[segment], [.. lists], _norm).Run(Restrict(segment, allowed), firstRow, top);
        }
    }

    /// <summary>The allowed rows that meet the conditions: for the other arm of a search. The same set where there are none.</summary>
    public RowSet Restrict(int segment, RowSet allowed)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        if (_conditions.Count == 0)
        {
            return allowed;
        }

        var rows = allowed.Copy();
        foreach (var condition in _conditions)
        {
            var holding = ConditionRows.Of(condition, segment, _segments[segment], rows);
            if (condition.Excludes)
            {
                rows.ExceptWith(holding);
            }
            else
            {
                rows.IntersectWith(holding);
            }
        }

        return rows;
    }

    /// <summary>The row's BM25, whatever the conditions; 0 where it holds no term.</summary>
    public float Score(int segment, int row)
    {
        var length = _segments[segment].LengthOf(row);
        var score = 0f;
        foreach (var term in _terms)
        {
            score += term.Weight * _norm.Saturation(FrequencyOf(term, segment, row), length);
        }

        return score;
    }

    /// <summary>What the row's score is made of, the largest contribution first.</summary>
    public IReadOnlyList<MatchedTerm> Explain(int segment, int row)
    {
        var length = _segments[segment].LengthOf(row);
        return
        [
            .. _terms
                .Select(term => (Term: term, Frequency: FrequencyOf(term, segment, row)))
                .Where(match => match.Frequency > 0)
                .Select(match => new MatchedTerm(
                    match.Term.Term, match.Term.Word, match.Frequency, match.Term.InverseDocumentFrequency,
                    match.Term.Weight * _norm.Saturation(match.Frequency, length)))
                .OrderByDescending(match => match.Contribution)
                .ThenBy(match => match.Term, StringComparer.Ordinal),
        ];
    }

    private int FrequencyOf(BoundTerm term, int segment, int row) =>
        term.Numbers[segment] < 0 ? 0 : _segments[segment].ListAt(term.Numbers[segment]).FrequencyOf(row);
}
