using RagPlatform.Retrieval.Storage.QdrantStore.Api;
using RagPlatform.Search;
using RagPlatform.Search.Fusion;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

internal readonly record struct ArmAnswers(IReadOnlyList<ScoredPoint> Lexical, IReadOnlyList<ScoredPoint> Vectors);

/// <summary>A search's two arms as Qdrant's queries: BM25 over the sparse vectors, cosine over the dense ones, in one request.</summary>
internal sealed class ArmQueries(QdrantIndex index, SearchQuery query)
{
    private readonly SparseVector? _terms = index.Weights.OfQuery(query.Text);

    /// <summary>The lexical arm has a part in the score and something to look for.</summary>
    public bool AsksLexical => ArmWeights.Of(query).UsesLexical && _terms is not null;

    public bool AsksVectors => ArmWeights.Of(query).UsesVector;

    /// <summary>The arms' best, whole.</summary>
    public Task<ArmAnswers> ProposeAsync(QdrantFilter filter, int limit, CancellationToken cancellationToken)
    {
        var withVector = query.Diversity is > 0 ? new[] { PointVectors.DenseName } : null;
        return AskAsync(
            AsksLexical ? Lexical(filter, limit, PayloadKeys.Content, withVector) : null,
            AsksVectors ? Vectors(filter, limit, query.Exact, PayloadKeys.Content, withVector) : null,
            cancellationToken);
    }

    /// <summary>The arms' scores of these points, and nothing else of them; also an arm's that has no part in the score.</summary>
    public Task<ArmAnswers> ScoreAsync(IReadOnlyList<Guid> lexical, IReadOnlyList<Guid> vectors, CancellationToken cancellationToken) => AskAsync(
        _terms is not null && lexical.Count > 0 ? Lexical(Only(lexical), lexical.Count, null, null) : null,
        !query.Vector.IsEmpty && vectors.Count > 0 ? Vectors(Only(vectors), vectors.Count, isExact: true, null, null) : null,
        cancellationToken);

    private async Task<ArmAnswers> AskAsync(QueryPoints? lexical, QueryPoints? vectors, CancellationToken cancellationToken)
    {
        QueryPoints[] queries = [.. new[] { lexical, vectors }.OfType<QueryPoints>()];
        if (queries.Length == 0)
        {
            return new ArmAnswers([], []);
        }

        var answers = await index.Client.QueryAsync(index.Name, queries, cancellationToken);
        return new ArmAnswers(lexical is null ? [] : answers[0].Points, vectors is null ? [] : answers[^1].Points);
    }

    private QdrantFilter Only(IReadOnlyList<Guid> ids) => index.Scope.Chunks(QdrantCondition.HasAnyId(ids));

    private QueryPoints Lexical(QdrantFilter filter, int limit, IReadOnlyList<string>? withPayload, IReadOnlyList<string>? withVector) =>
        new(new QueryVector(default, _terms), PointVectors.LexicalName, filter, limit, Params: null, withPayload, withVector);

    private QueryPoints Vectors(QdrantFilter filter, int limit, bool isExact, IReadOnlyList<string>? withPayload, IReadOnlyList<string>? withVector) =>
        new(new QueryVector(query.Vector, null), PointVectors.DenseName, filter, limit, new QueryParams(isExact), withPayload, withVector);
}
