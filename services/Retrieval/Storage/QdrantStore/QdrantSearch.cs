using RagPlatform.Retrieval.Storage.QdrantStore.Api;
using RagPlatform.Search;
using RagPlatform.Search.Fusion;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>
/// One search: both arms' best chunks in one request, the scores that either arm lacks of the other's in a second one, the
/// vectors of the very best in a third, and the engine's <see cref="Ranking"/> over them.
/// </summary>
internal sealed class QdrantSearch(QdrantIndex index, SearchQuery query, TimeProvider time)
{
    /// <summary>Asked again, each time for twice as many, while chunks that are not visible, no longer or not yet, fill the answers: those that the filter does not name.</summary>
    private const int MaxRounds = 5;

    private readonly ArmQueries _arms = new(index, query);
    private readonly int _wanted = Math.Max(query.Candidates, query.TopK);

    /// <exception cref="ArgumentException">The query is out of its limits.</exception>
    public async Task<SearchResult> RunAsync(CancellationToken cancellationToken)
    {
        Check();
        var filter = MappedFilter.Of(query.Filter, index.Fields.Has);
        if (filter.Constant == false || !(_arms.AsksLexical || _arms.AsksVectors))
        {
            return new SearchResult([], default);
        }

        using var reading = index.Visible.Read();
        var begin = time.GetTimestamp();
        var found = new FoundChunks(reading);
        IReadOnlyList<QdrantCondition> conditions = filter.Condition is { } condition ? [condition] : [];
        var (lexical, vectors) = await ProposeAsync(found, index.Scope.ChunksExcept(reading.Hidden, conditions), cancellationToken);
        if (ArmWeights.Of(query).UsesBoth)
        {
            found.AddScores(await _arms.ScoreAsync(found.IdsBeyond(lexical), found.IdsBeyond(vectors), cancellationToken));
            await AddVectorsAsync(found, lexical, vectors, cancellationToken);
        }

        var asked = time.GetTimestamp();
        var best = index.Ranking.Rank(query, Proposals(lexical, _arms.AsksLexical), Proposals(vectors, _arms.AsksVectors), found);
        var ranked = time.GetTimestamp();
        if (!ArmWeights.Of(query).UsesBoth)
        {
            IReadOnlyList<Guid> hits = [.. best.Select(candidate => found.Id(candidate.Row))];
            found.AddScores(await _arms.ScoreAsync(_arms.AsksLexical ? [] : hits, _arms.AsksVectors ? [] : hits, cancellationToken));
        }

        var explanations = query.Explain ? await HitExplanations.OfAsync(index, query, found, best, cancellationToken) : null;
        // Both arms are one request, and the server does not say what each took.
        return new SearchResult(
            [.. best.Select((candidate, i) => Hit(found, candidate, explanations?[i]))],
            new SearchTimings(default, default, time.GetElapsedTime(begin, asked), time.GetElapsedTime(asked, ranked)));
    }

    private static SearchHit Hit(FoundChunks found, Candidate candidate, Explanation? explanation) => new(
        PointMapping.Document(found[candidate.Row]), PointMapping.Chunk(found[candidate.Row], default), candidate.Score,
        float.IsNaN(candidate.Lexical.Score) ? found.LexicalScore(candidate.Row) : candidate.Lexical.Score,
        float.IsNaN(candidate.Vector.Score) ? found.VectorScore(candidate.Row) : candidate.Vector.Score, explanation);

    private void Check()
    {
        SearchQueryValidation.Check(query, index.Settings.Dimension);
        if (query.Syntax != QuerySyntax.Plain)
        {
            throw QdrantErrors.SyntaxNotSupported();
        }

        if (query.TypoTolerance)
        {
            throw QdrantErrors.TypoToleranceNotSupported();
        }
    }

    private async Task<(List<ScoredRow> Lexical, List<ScoredRow> Vectors)> ProposeAsync(FoundChunks found, QdrantFilter filter, CancellationToken cancellationToken)
    {
        var limit = _wanted;
        for (var round = 1; ; round++, limit *= 2)
        {
            var answers = await _arms.ProposeAsync(filter, limit, cancellationToken);
            var (lexical, vectors) = (found.AddVisible(answers.Lexical), found.AddVisible(answers.Vectors));
            if (round == MaxRounds || !(MayHaveMore(lexical, answers.Lexical, limit) || MayHaveMore(vectors, answers.Vectors, limit)))
            {
                return (Best(lexical), Best(vectors));
            }
        }
    }

    /// <summary>Vectors are large: only those of the chunks that will be compared are fetched, unless diversity took them all along.</summary>
    private async Task AddVectorsAsync(FoundChunks found, List<ScoredRow> lexical, List<ScoredRow> vectors, CancellationToken cancellationToken)
    {
        if (index.VectorsCompared == 0 || query.Diversity is > 0)
        {
            return;
        }

        var fused = query with { TopK = index.VectorsCompared, MaxChunksPerDocument = null };
        var best = index.Fusion.Rank(fused, Proposals(lexical, _arms.AsksLexical), Proposals(vectors, _arms.AsksVectors), found);
        if (best.Count > 0)
        {
            var points = new RetrievePoints([.. best.Select(candidate => found.Id(candidate.Row))], PayloadKeys.Identity, [PointVectors.DenseName]);
            found.AddVectors(await index.Client.RetrieveAsync(index.Name, points, cancellationToken));
        }
    }

    private bool MayHaveMore(List<ScoredRow> visible, IReadOnlyList<ScoredPoint> answered, int limit) => visible.Count < _wanted && answered.Count == limit;

    private List<ScoredRow> Best(List<ScoredRow> rows) => rows.Count <= _wanted ? rows : rows.GetRange(0, _wanted);

    private ArmProposals Proposals(List<ScoredRow> rows, bool isAsked) => isAsked ? new ArmProposals(rows, _wanted) : ArmProposals.None;
}
