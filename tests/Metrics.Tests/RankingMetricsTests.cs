namespace RagPlatform.Metrics.Tests;

public sealed class RankingMetricsTests
{
    private const double Tolerance = 1e-9;

    /// <summary>Graded: d1 3, d3 2, d4 1, and d5 2, which the ranking misses; d2 was judged irrelevant, x not at all.</summary>
    private static readonly Judgments Graded = Of(("d1", 3), ("d2", 0), ("d3", 2), ("d4", 1), ("d5", 2));

    private static readonly string[] Ranking = ["d1", "d2", "d3", "d4", "x"];

    [Fact]
    public void NormalizedDiscountedCumulativeGain_OfGradedJudgments_IsWhatTrecEvalComputes()
    {
        // DCG@4 = 3/log2(2) + 0 + 2/log2(4) + 1/log2(5) = 4.430677; ideal 3, 2, 2, 1 gives 5.692536.
        RankingMetrics.NormalizedDiscountedCumulativeGain(Ranking, Graded, 4).ShouldBe(0.778331, 1e-6);

        // DCG@2 = 3; ideal 3 + 2/log2(3) = 4.261860.
        RankingMetrics.NormalizedDiscountedCumulativeGain(Ranking, Graded, 2).ShouldBe(0.703918, 1e-6);
    }

    [Fact]
    public void NormalizedDiscountedCumulativeGain_OfOneRelevantDocument_DependsOnItsRankAlone()
    {
        var judgments = Of(("b", 1));

        RankingMetrics.NormalizedDiscountedCumulativeGain(["b", "a"], judgments, 10).ShouldBe(1, Tolerance);
        RankingMetrics.NormalizedDiscountedCumulativeGain(["a", "b"], judgments, 10).ShouldBe(1 / Math.Log2(3), Tolerance);
        RankingMetrics.NormalizedDiscountedCumulativeGain(["a", "c", "b"], judgments, 10).ShouldBe(0.5, Tolerance);
        RankingMetrics.NormalizedDiscountedCumulativeGain(["a", "c", "b"], judgments, 2).ShouldBe(0);
    }

    [Fact]
    public void NormalizedDiscountedCumulativeGain_WithMoreRelevantThanCutoff_CanStillBePerfect() =>
        RankingMetrics.NormalizedDiscountedCumulativeGain(["a", "b"], Of(("a", 1), ("b", 1), ("c", 1)), 2).ShouldBe(1, Tolerance);

    [Fact]
    public void RecallAndPrecision_AtCutoff_CountRelevantOverTheirDenominators()
    {
        RankingMetrics.Recall(Ranking, Graded, 3).ShouldBe(2.0 / 4, Tolerance);
        RankingMetrics.Recall(Ranking, Graded, 100).ShouldBe(3.0 / 4, Tolerance);
        RankingMetrics.Precision(Ranking, Graded, 3).ShouldBe(2.0 / 3, Tolerance);

        // Ranks that nothing fills are misses: trec_eval's P_10 of five documents divides by ten.
        RankingMetrics.Precision(Ranking, Graded, 10).ShouldBe(3.0 / 10, Tolerance);
    }

    [Fact]
    public void AveragePrecision_WithRelevantAtRanksOneThreeAndSixOfFour_IsTheTextbookValue()
    {
        var judgments = Of(("r1", 1), ("r2", 1), ("r3", 1), ("r4", 1));

        // (1/1 + 2/3 + 3/6 + 0) / 4.
        RankingMetrics.AveragePrecision(["r1", "a", "r2", "b", "c", "r3"], judgments).ShouldBe(0.5416666667, 1e-9);
    }

    [Fact]
    public void ReciprocalRank_OfRanking_IsThatOfTheFirstRelevantDocument()
    {
        RankingMetrics.ReciprocalRank(["x", "y", "d4", "d1"], Graded).ShouldBe(1.0 / 3, Tolerance);
        RankingMetrics.ReciprocalRank(["x", "y"], Graded).ShouldBe(0);
    }

    [Fact]
    public void EveryMetric_WithoutRelevantDocuments_IsZero()
    {
        foreach (var judgments in new[] { Of(), Of(("d1", 0)) })
        {
            RankingMetrics.NormalizedDiscountedCumulativeGain(Ranking, judgments, 10).ShouldBe(0);
            RankingMetrics.Recall(Ranking, judgments, 10).ShouldBe(0);
            RankingMetrics.Precision(Ranking, judgments, 10).ShouldBe(0);
            RankingMetrics.ReciprocalRank(Ranking, judgments).ShouldBe(0);
            RankingMetrics.AveragePrecision(Ranking, judgments).ShouldBe(0);
        }
    }

    [Fact]
    public void EveryMetric_OfAnEmptyRanking_IsZero()
    {
        RankingMetrics.NormalizedDiscountedCumulativeGain([], Graded, 10).ShouldBe(0);
        RankingMetrics.Recall([], Graded, 10).ShouldBe(0);
        RankingMetrics.AveragePrecision([], Graded).ShouldBe(0);
    }

    [Fact]
    public void Ranking_WithADocumentTwice_IsRefused() =>
        Should.Throw<ArgumentException>(() => RankingMetrics.Recall(["a", "b", "a"], Graded, 10)).Message.ShouldContain("'a'");

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Judgments_WithAGainThatIsNone_AreRefused(double gain) =>
        Should.Throw<ArgumentException>(() => Of(("d1", gain))).Message.ShouldContain("'d1'");

    private static Judgments Of(params (string Document, double Gain)[] gains) =>
        new(gains.Select(gain => KeyValuePair.Create(gain.Document, gain.Gain)));
}
