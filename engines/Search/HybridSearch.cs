using RagPlatform.Search.Filters;
using RagPlatform.Search.Fusion;
using RagPlatform.Search.Lexical;
using RagPlatform.Search.Segments;

namespace RagPlatform.Search;

/// <summary>Answers queries from a snapshot: filter, BM25, vectors, ranking; texts are read of what is returned. Safe for concurrent use.</summary>
/// <param name="options">Of the index that the snapshots are of.</param>
public sealed class HybridSearch(CollectionIndexOptions options, Ranking ranking, TimeProvider time)
{
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

        var weights = ArmWeights.Of(query);
        var lexical = Bind(snapshot, query);
        var candidates = new SnapshotCandidates(snapshot, lexical, query.Vector);
        var lexicalProposals = weights.UsesLexical ? ProposeLexical(lexical, scope, query, candidates) : ArmProposals.None;
        var afterLexical = time.GetTimestamp();

        var vectorProposals = weights.UsesVector ? ProposeVectors(lexical, scope, query) : ArmProposals.None;
        var afterVectors = time.GetTimestamp();

        var hits = ranking.Rank(query, lexicalProposals, vectorProposals, candidates)
            .Select(hit => Read(hit, query, candidates)).ToArray();
        return new SearchResult(hits, new SearchTimings(
            time.GetElapsedTime(begin, afterFilter), time.GetElapsedTime(afterFilter, afterLexical),
            time.GetElapsedTime(afterLexical, afterVectors), time.GetElapsedTime(afterVectors)));
    }

    private BoundLexicalQuery Bind(IndexSnapshot snapshot, SearchQuery query) => BoundLexicalQuery.Bind(
        LexicalQuery.Parse(query.Text, _analyzer, query.Syntax, query.TypoTolerance),
        [.. snapshot.Segments.Select(view => view.Segment.Lexical)], options.Bm25, snapshot.LiveChunks, snapshot.MeanLength);

    /// <summary>
    /// A search adds up terms in whatever order lets it pass over most rows; scored again in one order, chunks that are alike
    /// score alike to the last bit, in whichever segments they are.
    /// </summary>
    private static ArmProposals ProposeLexical(BoundLexicalQuery lexical, SearchScope scope, SearchQuery query, SnapshotCandidates candidates)
    {
        var top = new TopRows(Wanted(query));
        foreach (var segment in scope.Segments)
        {
            lexical.Search(segment.Number, segment.Allowed, segment.FirstRow, top);
        }

        var rows = Array.ConvertAll(top.TakeSorted(), found => found with { Score = candidates.LexicalScore(found.Row) });
        return new ArmProposals(rows, Wanted(query));
    }

    /// <summary>What the text requires and excludes holds for this arm as well.</summary>
    private static ArmProposals ProposeVectors(BoundLexicalQuery lexical, SearchScope scope, SearchQuery query)
    {
        var top = new TopRows(Wanted(query));
        foreach (var segment in scope.Segments)
        {
            var allowed = lexical.Restrict(segment.Number, segment.Allowed);
            var count = ReferenceEquals(allowed, segment.Allowed) ? segment.AllowedCount : allowed.Count();
            var isWhole = count == segment.View.Segment.RowCount;
            segment.View.Segment.Vectors.Search(query.Vector.Span, isWhole ? null : allowed, count, query.Exact, segment.FirstRow, top);
        }

        return new ArmProposals(top.TakeSorted(), Wanted(query));
    }

    private static int Wanted(SearchQuery query) => Math.Max(query.Candidates, query.TopK);

    private static SearchHit Read(Candidate hit, SearchQuery query, SnapshotCandidates candidates)
    {
        var document = candidates.Document(hit.Row);
        var lexicalScore = float.IsNaN(hit.Lexical.Score) ? candidates.LexicalScore(hit.Row) : hit.Lexical.Score;
        var vectorScore = float.IsNaN(hit.Vector.Score) ? candidates.VectorScore(hit.Row) : hit.Vector.Score;
        var explanation = query.Explain ? Explain(hit, lexicalScore, vectorScore, document, query, candidates) : null;
        return new SearchHit(document, candidates.Chunk(hit.Row), hit.Score, lexicalScore, vectorScore, explanation);
    }

    private static Explanation Explain(
        Candidate hit, float lexicalScore, float vectorScore, IndexedDocument document, SearchQuery query, SnapshotCandidates candidates)
    {
        var usesGraph = !query.Exact && candidates.At(hit.Row, out _).Segment.Vectors.HasGraph;
        return new Explanation(
            Explain(hit.Lexical, lexicalScore), Explain(hit.Vector, vectorScore), candidates.Terms(hit.Row), hit.Bonus,
            FilterDecisions.Of(query.Filter, document), hit.RankBeforeDiversity, usesGraph ? "hnsw" : "exact");
    }

    private static ArmExplanation Explain(ArmShare share, float score) =>
        new(share.Rank, score, share.Normalized, share.Weight, share.Contribution);
}
