using RagPlatform.Metrics;

namespace RagPlatform.CommandLine.Evaluation;

/// <summary>What is measured of every query, and what a run's means are named.</summary>
internal static class Measures
{
    /// <summary>Documents asked for per query; what is ranked lower counts as not found.</summary>
    public const int Depth = 100;

    /// <summary>The one that weights are chosen by.</summary>
    public const string Main = "nDCG@10";

    private const int FirstPage = 10;

    /// <summary>The seed of all resampling: the same figures give the same intervals.</summary>
    private const int Seed = 20261120;

    public static readonly IReadOnlyList<(string Name, Func<QueryScores, double> Of)> All =
    [
        (Main, scores => scores.NdcgAt10),
        ("recall@10", scores => scores.RecallAt10),
        ("recall@100", scores => scores.RecallAt100),
        ("MRR", scores => scores.ReciprocalRank),
        ("MAP", scores => scores.AveragePrecision),
    ];

    public static QueryScores Score(JudgedQuery query, RankedDocuments ranked)
    {
        var judgments = new Judgments(query.Gains);
        var ranking = ranked.DocumentIds;
        return new QueryScores(
            query.Id,
            RankingMetrics.NormalizedDiscountedCumulativeGain(ranking, judgments, FirstPage),
            RankingMetrics.Recall(ranking, judgments, FirstPage),
            RankingMetrics.Recall(ranking, judgments, Depth),
            RankingMetrics.ReciprocalRank(ranking, judgments),
            RankingMetrics.AveragePrecision(ranking, judgments),
            ranked.Milliseconds);
    }

    public static MeanInterval Interval(double[] values) => Bootstrap.Interval(values, new Random(Seed));

    public static PairedComparison Compare(double[] first, double[] second) => Bootstrap.Compare(first, second, new Random(Seed));
}
