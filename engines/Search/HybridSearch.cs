using RagPlatform.Search.Filters;
using RagPlatform.Search.Fusion;
using RagPlatform.Search.Lexical;
using RagPlatform.Search.Segments;

namespace RagPlatform.Search;

/// <summary>Answers queries from a snapshot: filter, BM25, vectors, ranking; texts are read of what is returned. Safe for concurrent use.</summary>
/// <param name="options">Of the index that the snapshots are of.</param>
public sealed class HybridSearch(CollectionIndexOptions options, Ranking ranking, TimeProvider time)
{
    /// <summary>By how much more is looked at when the limit per document leaves too few hits.</summary>
    private const int WideningFactor = 4;

    private readonly TextAnalyzer _analyzer = new(options.Analyzer);

    /// <param name="snapshot">Held by the caller.</param>
    /// <exception cref="ArgumentException">The query cannot be answered; see <see cref="SearchQueryValidation"/>.</exception>
    /// <exception cref="FilterException">The filter cannot be evaluated.</exception>
    public SearchResult Run(IndexSnapshot snapshot, SearchQuery query)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        SearchQueryValidation.Check(query, options.Dimension);
        var begin = time.GetTimestamp();
        var scope = SearchScope.Of(snapshot, query.Filter);
        var afterFilter = time.GetTimestamp();
        var lexical = Bind(snapshot, query);
        var timings = new SearchTimings(time.GetElapsedTime(begin, afterFilter), time.GetElapsedTime(afterFilter), default, default);
        var candidates = new SnapshotCandidates(snapshot, lexical, query.Vector);
        var arms = new SegmentArms(query, scope, lexical, candidates);
        var wanted = Math.Max(query.Candidates, query.TopK);
        while (true)
        {
            var hits = RunOnce(query, arms, candidates, wanted, ref timings, out var isExhausted);
            if (hits.Count == query.TopK || query.MaxChunksPerDocument is null || isExhausted || wanted == SearchQuery.MaxCandidates)
            {
                return Read(hits, query, arms, candidates, timings);
            }

            wanted = Math.Min(WideningFactor * wanted, SearchQuery.MaxCandidates);
        }
    }

    private BoundLexicalQuery Bind(IndexSnapshot snapshot, SearchQuery query) => BoundLexicalQuery.Bind(
        LexicalQuery.Parse(query.Text, _analyzer, query.Syntax, query.TypoTolerance),
        [.. snapshot.Segments.Select(view => view.Segment.Lexical)], options.Bm25, snapshot.LiveChunks, snapshot.MeanLength);

    /// <param name="isExhausted">Whether wanting more would find no more.</param>
    private IReadOnlyList<Candidate> RunOnce(
        SearchQuery query, SegmentArms arms, SnapshotCandidates candidates, int wanted, ref SearchTimings timings, out bool isExhausted)
    {
        var weights = ArmWeights.Of(query);
        var begin = time.GetTimestamp();
        var lexical = weights.UsesLexical ? arms.ProposeLexical(wanted) : ArmProposals.None;
        var afterLexical = time.GetTimestamp();
        var vectors = weights.UsesVector ? arms.ProposeVectors(wanted) : ArmProposals.None;
        var afterVectors = time.GetTimestamp();
        var hits = ranking.Rank(query, lexical, vectors, candidates);
        isExhausted = !lexical.IsFull && !vectors.IsFull;
        timings = timings with
        {
            Lexical = timings.Lexical + time.GetElapsedTime(begin, afterLexical),
            Vectors = timings.Vectors + time.GetElapsedTime(afterLexical, afterVectors),
            Fusion = timings.Fusion + time.GetElapsedTime(afterVectors),
        };
        return hits;
    }

    private SearchResult Read(
        IReadOnlyList<Candidate> hits, SearchQuery query, SegmentArms arms, SnapshotCandidates candidates, SearchTimings timings)
    {
        var begin = time.GetTimestamp();
        var read = hits.Select(hit => Read(hit, query, arms, candidates)).ToArray();
        return new SearchResult(read, timings with { Fusion = timings.Fusion + time.GetElapsedTime(begin) });
    }

    private static SearchHit Read(Candidate hit, SearchQuery query, SegmentArms arms, SnapshotCandidates candidates)
    {
        var document = candidates.Document(hit.Row);
        var lexicalScore = float.IsNaN(hit.Lexical.Score) ? candidates.LexicalScore(hit.Row) : hit.Lexical.Score;
        var vectorScore = float.IsNaN(hit.Vector.Score) ? candidates.VectorScore(hit.Row) : hit.Vector.Score;
        var explanation = !query.Explain ? null : new Explanation(
            Explain(hit.Lexical, lexicalScore), Explain(hit.Vector, vectorScore), candidates.Terms(hit.Row),
            hit.ChangeBy<TitleLinks>(), hit.ChangeBy<ScoreSmoothing>(), FilterDecisions.Of(query.Filter, document), hit.RankBeforeDiversity, arms.IndexOf(hit.Row));
        return new SearchHit(document, candidates.Chunk(hit.Row), hit.Score, lexicalScore, vectorScore, explanation);
    }

    private static ArmExplanation Explain(ArmShare share, float score) =>
        new(share.Rank, score, share.Normalized, share.Weight, share.Contribution);
}
