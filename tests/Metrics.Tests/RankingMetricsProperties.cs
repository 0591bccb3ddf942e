using FsCheck;
using FsCheck.Fluent;

namespace RagPlatform.Metrics.Tests;

public sealed class RankingMetricsProperties
{
    private const double Tolerance = 1e-12;
    private const int Cutoff = 5;

    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithReplay(20261120, 7);

    /// <summary>Gains 0 to 3 of ten documents d0 to d9, and a ranking of some of them.</summary>
    private static readonly Arbitrary<(int[] Gains, string[] Ranking)> Cases = (
        from gains in Gen.ArrayOf(Gen.Choose(0, 3), 10)
        from order in Gen.Shuffle(Enumerable.Range(0, 10).ToArray())
        from length in Gen.Choose(0, 10)
        select (gains, order.Take(length).Select(Name).ToArray())).ToArbitrary();

    [Fact]
    public void EveryMetric_OfAnyRanking_LiesBetweenZeroAndOne() => Holds((judgments, ranking) =>
        Measures(ranking, judgments).All(value => value is >= 0 and <= 1 + Tolerance));

    [Fact]
    public void EveryMetric_WhenDocumentsOfEqualGainChangePlaces_StaysTheSame() => Holds((judgments, ranking) =>
    {
        for (var i = 0; i < ranking.Length; i++)
        {
            for (var j = i + 1; j < ranking.Length; j++)
            {
                if (judgments.GainOf(ranking[i]) == judgments.GainOf(ranking[j]))
                {
                    string[] swapped = [.. ranking];
                    (swapped[i], swapped[j]) = (swapped[j], swapped[i]);
                    if (!Same(Measures(ranking, judgments), Measures(swapped, judgments)))
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    });

    [Fact]
    public void EveryMetric_WhenAHigherGainMovesUp_DoesNotFall() => Holds((judgments, ranking) =>
    {
        for (var i = 0; i + 1 < ranking.Length; i++)
        {
            if (judgments.GainOf(ranking[i]) < judgments.GainOf(ranking[i + 1]))
            {
                string[] better = [.. ranking];
                (better[i], better[i + 1]) = (better[i + 1], better[i]);
                if (Measures(ranking, judgments).Zip(Measures(better, judgments)).Any(pair => pair.Second < pair.First - Tolerance))
                {
                    return false;
                }
            }
        }

        return true;
    });

    [Fact]
    public void EveryMetric_WhenUnjudgedDocumentsFollow_StaysTheSame() => Holds((judgments, ranking) =>
        Same(Measures(ranking, judgments), Measures([.. ranking, "unjudged1", "unjudged2"], judgments)));

    [Fact]
    public void PerfectRanking_OfAnyJudgments_HasPerfectGain() => Holds((judgments, _) =>
    {
        string[] perfect = [.. Enumerable.Range(0, 10).Select(Name).OrderByDescending(judgments.GainOf)];
        return judgments.RelevantCount == 0
            || Math.Abs(RankingMetrics.NormalizedDiscountedCumulativeGain(perfect, judgments, Cutoff) - 1) < Tolerance;
    });

    private static void Holds(Func<Judgments, string[], bool> property) => Prop
        .ForAll(Cases, data => property(new Judgments(data.Gains.Select((gain, i) => KeyValuePair.Create(Name(i), (double)gain))), data.Ranking))
        .Check(Seeded);

    private static double[] Measures(string[] ranking, Judgments judgments) =>
    [
        RankingMetrics.NormalizedDiscountedCumulativeGain(ranking, judgments, Cutoff),
        RankingMetrics.Recall(ranking, judgments, Cutoff),
        RankingMetrics.Precision(ranking, judgments, Cutoff),
        RankingMetrics.ReciprocalRank(ranking, judgments),
        RankingMetrics.AveragePrecision(ranking, judgments),
    ];

    private static bool Same(double[] first, double[] second) => first.Zip(second).All(pair => Math.Abs(pair.First - pair.Second) < Tolerance);

    private static string Name(int document) => $"d{document}";
}
