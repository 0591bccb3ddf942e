using RagPlatform.Retrieval.Storage.QdrantStore.Api;
using RagPlatform.Search;
using RagPlatform.Search.Filters;
using RagPlatform.Search.Fusion;
using RagPlatform.Search.Lexical;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>
/// Why hits stand where they stand. What a term contributes to a hit is asked of Qdrant, which alone knows the inverse
/// document frequencies: a query of that one term, among the hits.
/// </summary>
internal static class HitExplanations
{
    /// <summary>Queries of one request; of a longer question, the first terms are explained.</summary>
    private const int MaxTerms = 64;

    /// <returns>In the order of the hits.</returns>
    public static async Task<IReadOnlyList<Explanation>> OfAsync(
        QdrantIndex index, SearchQuery query, FoundChunks found, IReadOnlyList<Candidate> hits, CancellationToken cancellationToken)
    {
        if (hits.Count == 0)
        {
            return [];
        }

        var terms = ArmWeights.Of(query).UsesLexical ? index.Weights.QueryTerms(query.Text).Take(MaxTerms).ToList() : [];
        var contributions = await ContributionsAsync(index, terms, [.. hits.Select(hit => found.Id(hit.Row))], cancellationToken);
        var kind = await VectorIndexAsync(index, query, cancellationToken);
        return [.. hits.Select(hit => Explain(index, query, found, hit, terms, contributions, kind))];
    }

    private static Explanation Explain(
        QdrantIndex index, SearchQuery query, FoundChunks found, Candidate hit, List<QueryTerm> terms, List<Dictionary<Guid, float>> contributions, string kind)
    {
        var payload = found[hit.Row];
        var chunk = index.Weights.TermsOf(payload.Title ?? "", payload.Headings ?? [], payload.Text ?? "");
        var matched =
            from pair in terms.Zip(contributions)
            let contribution = pair.Second.GetValueOrDefault(found.Id(hit.Row))
            let frequency = chunk[pair.First.Term]
            where contribution > 0 && frequency > 0
            orderby contribution descending
            let weight = pair.First.Weight * index.Weights.Saturation(frequency, chunk.Length)
            select new MatchedTerm(pair.First.Term, pair.First.Word, frequency, contribution / weight, contribution);
        return new Explanation(
            Arm(hit.Lexical), Arm(hit.Vector), [.. matched], hit.ChangeBy<TitleLinks>(), hit.ChangeBy<ScoreSmoothing>(),
            FilterDecisions.Of(query.Filter, PointMapping.Document(payload)), hit.RankBeforeDiversity, kind);
    }

    private static ArmExplanation Arm(ArmShare share) =>
        new(share.Rank, float.IsNaN(share.Score) ? 0 : share.Score, share.Normalized, share.Weight, share.Contribution);

    /// <returns>By term: what it contributes to each of the points.</returns>
    private static async Task<List<Dictionary<Guid, float>>> ContributionsAsync(
        QdrantIndex index, List<QueryTerm> terms, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        if (terms.Count == 0)
        {
            return [];
        }

        var filter = index.Scope.Chunks(QdrantCondition.HasAnyId(ids));
        var answers = await index.Client.QueryAsync(
            index.Name,
            [.. terms.Select(term => new QueryPoints(
                new QueryVector(default, new SparseVector([TermHash.Of(term.Term)], [term.Weight])), PointVectors.LexicalName, filter, ids.Count, null, null, null))],
            cancellationToken);
        return [.. answers.Select(answer => answer.Points.ToDictionary(point => point.Id, point => point.Score))];
    }

    private static async Task<string> VectorIndexAsync(QdrantIndex index, SearchQuery query, CancellationToken cancellationToken) =>
        !query.Exact && await index.Client.FindCollectionAsync(index.Name, cancellationToken) is { GraphVectors: > 0 } ? "hnsw" : "exact";
}
