using RagPlatform.Search;
using Proto = RagPlatform.Protos.Search.V1;

namespace RagPlatform.Retrieval.Features.Search;

internal static class ExplanationMapping
{
    public static Proto.Explanation ToProto(this Explanation explanation, FoundHit found) => new()
    {
        Lexical = ToProto(explanation.Lexical),
        Vector = ToProto(explanation.Vector),
        Terms =
        {
            explanation.Terms.Select(term => new Proto.MatchedTerm
            {
                Term = term.Term,
                QueryWord = term.QueryWord,
                Frequency = term.Frequency,
                InverseDocumentFrequency = term.InverseDocumentFrequency,
                Contribution = term.Contribution,
            }),
        },
        TitleLinkBonus = explanation.TitleLinkBonus,
        Smoothing = explanation.Smoothing,
        Filters =
        {
            explanation.Filters.Select(decision => new Proto.FilterDecision { Condition = decision.Condition, Value = decision.Value, Holds = decision.Holds }),
        },
        RankBeforeDiversity = explanation.RankBeforeDiversity,
        Index = explanation.Index,
        Rerank = found.Rerank is { } rerank ? ToProto(rerank, found.Hit.Score) : null,
    };

    private static Proto.RerankExplanation ToProto(HitRerank rerank, double scoreBefore) => new()
    {
        Model = rerank.Model, Logit = rerank.Logit, RankBefore = rerank.RankBefore, ScoreBefore = scoreBefore, UnseenTokens = rerank.UnseenTokens,
    };

    private static Proto.ArmExplanation ToProto(ArmExplanation arm) => new()
    {
        Rank = arm.Rank, Score = arm.Score, Normalized = arm.Normalized, Weight = arm.Weight, Contribution = arm.Contribution,
    };
}
