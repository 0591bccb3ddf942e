using Search = RagPlatform.Protos.Search.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

internal static class SearchMapping
{
    public static V1.SearchRequest ToRequest(this SearchOptions options, string query) => new()
    {
        Query = query,
        Collection = options.Collection,
        TopK = options.TopK,
        Filter = options.Filter?.ToRequest(),
        Settings = options.ToSettings(),
    };

    public static SearchHit ToHit(this V1.SearchHit hit) => new()
    {
        ChunkId = hit.ChunkId,
        DocumentId = hit.DocumentId,
        Version = hit.Version,
        Title = hit.Title,
        Uri = hit.Uri,
        HeadingPath = hit.HeadingPath,
        Text = hit.Text,
        StartOffset = hit.StartOffset,
        EndOffset = hit.EndOffset,
        Score = hit.Score,
        LexicalScore = hit.LexicalScore,
        VectorScore = hit.VectorScore,
        Metadata = hit.Metadata,
        Location = hit.Location,
        Explanation = hit.Explanation?.ToExplanation(),
    };

    public static FacetCounts ToCounts(this V1.CountFacetsResponse response) =>
        new([.. response.Facets.Select(ToFacet)], response.DocumentCount);

    private static Search.SearchSettings ToSettings(this SearchOptions options)
    {
        var settings = new Search.SearchSettings
        {
            Fusion = (Search.FusionMethod)options.Fusion,
            Candidates = options.Candidates,
            Syntax = options.Operators ? Search.QuerySyntax.Operators : Search.QuerySyntax.Unspecified,
            TypoTolerance = options.TypoTolerance,
            MaxChunksPerDocument = options.MaxChunksPerDocument,
            Exact = options.Exact,
            Explain = options.Explain,
            RerankCandidates = options.RerankCandidates,
        };
        if (options.VectorWeight is { } weight)
        {
            settings.VectorWeight = weight;
        }

        if (options.RerankModel is { } reranker)
        {
            settings.RerankModel = reranker;
        }

        if (options.Diversity is { } diversity)
        {
            settings.Diversity = diversity;
        }

        return settings;
    }

    private static Explanation ToExplanation(this Search.Explanation explanation) => new()
    {
        Lexical = ToArm(explanation.Lexical),
        Vector = ToArm(explanation.Vector),
        Terms = [.. explanation.Terms.Select(term => new MatchedTerm(term.Term, term.QueryWord, term.Frequency, term.InverseDocumentFrequency, term.Contribution))],
        TitleLinkBonus = explanation.TitleLinkBonus,
        Smoothing = explanation.Smoothing,
        Filters = [.. explanation.Filters.Select(decision => new FilterDecision(decision.Condition, decision.Value, decision.Holds))],
        RankBeforeDiversity = explanation.RankBeforeDiversity,
        Index = explanation.Index,
        Rerank = explanation.Rerank is { } rerank
            ? new RerankExplanation(rerank.Model, rerank.Logit, rerank.RankBefore, rerank.ScoreBefore, rerank.UnseenTokens)
            : null,
    };

    /// <summary>An arm that was not asked has nothing to say.</summary>
    private static ArmExplanation ToArm(Search.ArmExplanation? arm) =>
        arm is null ? new ArmExplanation(0, 0, 0, 0, 0) : new ArmExplanation(arm.Rank, arm.Score, arm.Normalized, arm.Weight, arm.Contribution);

    private static Facet ToFacet(Search.Facet facet) =>
        new(facet.Field, [.. facet.Values.Select(value => new FacetValue(value.Value, value.DocumentCount))], facet.DistinctValues);
}
