using System.Globalization;
using RagPlatform.Client;
using RagPlatform.CommandLine.Terminal;
using Spectre.Console;
using static RagPlatform.CommandLine.Output.Rendering;

namespace RagPlatform.CommandLine.Output;

/// <summary>Why a hit stands where it stands, a line for each reason.</summary>
internal static class ExplanationRendering
{
    /// <summary>Of the terms, whose rest says little.</summary>
    private const int MaxTerms = 8;

    public static void Render(this Session session, Explanation explanation, int place)
    {
        void Line(string name, string text) => session.Console.MarkupLine($"   [grey]{name,-8}[/] {Escape(OneLine(text))}");
        Line("words", Arm("BM25", explanation.Lexical));
        Line("meaning", $"{Arm("cosine", explanation.Vector)}{(explanation.Index.Length > 0 ? $", found by {explanation.Index}" : "")}");
        if (explanation.Smoothing != 0)
        {
            Line("alike", string.Create(CultureInfo.InvariantCulture, $"{explanation.Smoothing:+0.000;-0.000}, for what the chunks most like it score"));
        }

        if (explanation.TitleLinkBonus > 0)
        {
            Line("title", string.Create(CultureInfo.InvariantCulture, $"+{explanation.TitleLinkBonus:0.000}, better hits mention it"));
        }

        if (explanation.Terms.Count > 0)
        {
            Line("terms", string.Join("; ", explanation.Terms.Take(MaxTerms).Select(Term)) + (explanation.Terms.Count > MaxTerms ? $"; and {explanation.Terms.Count - MaxTerms} more" : ""));
        }

        foreach (var decision in explanation.Filters)
        {
            Line("filter", $"{decision.Condition} {(decision.Holds ? "holds" : "does not hold")}: {(decision.Value.Length > 0 ? decision.Value : "there is no such field")}");
        }

        if (explanation.Rerank is { } rerank)
        {
            var unseen = rerank.UnseenTokens > 0 ? string.Create(CultureInfo.InvariantCulture, $", {rerank.UnseenTokens} tokens unseen") : "";
            Line("reranked", string.Create(CultureInfo.InvariantCulture, $"by {rerank.Model}: {rerank.Logit:0.000}, from place {rerank.RankBefore} with {rerank.ScoreBefore:0.000}{unseen}"));
        }

        if (explanation.RankBeforeDiversity > 0 && explanation.RankBeforeDiversity != place)
        {
            Line("moved", string.Create(CultureInfo.InvariantCulture, $"from place {explanation.RankBeforeDiversity}, for diversity"));
        }
    }

    /// <summary>"rank 2, BM25 7.500, scaled 0.812 x weight 0.50 = 0.406".</summary>
    private static string Arm(string score, ArmExplanation arm) =>
        arm.Weight == 0 ? "not asked" : string.Create(
            CultureInfo.InvariantCulture,
            $"{(arm.Rank > 0 ? $"rank {arm.Rank}" : "not proposed")}, {score} {arm.Score:0.000}, scaled {arm.Normalized:0.000} x weight {arm.Weight:0.00} = {arm.Contribution:0.000}");

    private static string Term(MatchedTerm term) => string.Create(
        CultureInfo.InvariantCulture,
        $"{term.Term}{(term.QueryWord.Length > 0 && term.QueryWord != term.Term ? $" (from {term.QueryWord})" : "")} {term.Contribution:0.00} ({term.Frequency}x, rarity {term.InverseDocumentFrequency:0.00})");
}
