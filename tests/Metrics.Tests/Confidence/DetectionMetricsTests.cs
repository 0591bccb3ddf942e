using FsCheck;
using FsCheck.Fluent;
using RagPlatform.Metrics.Confidence;

namespace RagPlatform.Metrics.Tests.Confidence;

public sealed class DetectionMetricsTests
{
    // scikit-learn's example of roc_auc_score and average_precision_score.
    private static readonly double[] Scores = [0.1, 0.4, 0.35, 0.8];
    private static readonly bool[] IsPositive = [false, false, true, true];

    [Fact]
    public void AreaUnderRoc_OfScikitLearnsExample_IsItsValue() => DetectionMetrics.AreaUnderRoc(Scores, IsPositive).ShouldBe(0.75, 1e-12);

    [Fact]
    public void AveragePrecision_OfScikitLearnsExample_IsItsValue() => DetectionMetrics.AveragePrecision(Scores, IsPositive).ShouldBe(0.8333333333, 1e-9);

    [Fact]
    public void Both_AllScoresTied_AreChance()
    {
        DetectionMetrics.AreaUnderRoc([1, 1, 1, 1, 1], [true, false, false, true, false]).ShouldBe(0.5);
        DetectionMetrics.AveragePrecision([1, 1, 1, 1, 1], [true, false, false, true, false]).ShouldBe(0.4);
    }

    [Fact]
    public void AreaUnderRoc_ScoresWithTies_IsTheShareOfPairsInOrder() =>
        Prop.ForAll(
            Gen.Choose(0, 3).Zip(Gen.Choose(0, 1)).ArrayOf().Where(all => all.Any(one => one.Item2 == 1) && all.Any(one => one.Item2 == 0)).ToArbitrary(),
            all =>
            {
                var positives = all.Where(one => one.Item2 == 1).ToArray();
                var negatives = all.Where(one => one.Item2 == 0).ToArray();
                var pairs = positives.Sum(positive => negatives.Sum(negative => positive.Item1 > negative.Item1 ? 1 : positive.Item1 == negative.Item1 ? 0.5 : 0));
                var area = DetectionMetrics.AreaUnderRoc([.. all.Select(one => (double)one.Item1)], [.. all.Select(one => one.Item2 == 1)]);
                return Math.Abs(area - (pairs / positives.Length / negatives.Length)) < 1e-12;
            }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void AreaUnderRoc_OnlyOneKindOrNaN_IsRefused()
    {
        Should.Throw<ArgumentException>(() => DetectionMetrics.AreaUnderRoc([1, 2], [true, true]));
        Should.Throw<ArgumentException>(() => DetectionMetrics.AreaUnderRoc([1, 2], [false, false]));
        Should.Throw<ArgumentException>(() => DetectionMetrics.AreaUnderRoc([1, double.NaN], [true, false]));
        Should.Throw<ArgumentException>(() => DetectionMetrics.AveragePrecision([1, 2], [false, false]));
    }

    [Theory]
    [InlineData(0, 5, 1)]
    [InlineData(3 * 2.0794415416798357, 3, 8)]
    public void Perplexity_OfLikelihood_IsItsChoices(double negativeLogLikelihood, long tokens, double expected) =>
        Perplexity.Of(negativeLogLikelihood, tokens).ShouldBe(expected, 1e-9);
}
