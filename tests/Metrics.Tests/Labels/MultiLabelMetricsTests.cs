using RagPlatform.Metrics.Labels;

namespace RagPlatform.Metrics.Tests.Labels;

public sealed class MultiLabelMetricsTests
{
    // a: 1 right, 1 wrong; b: 1 right, 1 missed; c: 1 missed; d: 1 wrong.
    private static readonly HashSet<string>[] Expected = [["a", "b"], ["b", "c"], []];
    private static readonly HashSet<string>[] Predicted = [["a", "b"], ["a", "d"], []];

    [Fact]
    public void MicroF1_OfCountedExample_IsThatOfAllTogether() => MultiLabelMetrics.MicroF1(Expected, Predicted).ShouldBe(2 * 2.0 / (4 + 2 + 2), 1e-12);

    [Fact]
    public void MacroF1_OfCountedExample_IsTheMeanOverLabels() => MultiLabelMetrics.MacroF1(Expected, Predicted).ShouldBe(((2.0 / 3) + (2.0 / 3) + 0 + 0) / 4, 1e-12);

    [Fact]
    public void ExactMatch_OfCountedExample_CountsEmptySetsAsRight() => MultiLabelMetrics.ExactMatch(Expected, Predicted).ShouldBe(2.0 / 3, 1e-12);

    [Fact]
    public void F1_NoLabelAnywhere_IsOne()
    {
        IReadOnlySet<string>[] none = [new HashSet<string>()];
        MultiLabelMetrics.MicroF1(none, none).ShouldBe(1);
        MultiLabelMetrics.MacroF1(none, none).ShouldBe(1);
    }

    [Theory]
    [InlineData(0, 0, 0, 0, 0, 1)]
    [InlineData(0, 3, 0, 0, 0, 0)]
    [InlineData(0, 0, 3, 0, 0, 0)]
    [InlineData(3, 1, 2, 0.75, 0.6, 0.666667)]
    public void MatchCounts_RightWrongMissed_GivePrecisionRecallF1(long right, long wrong, long missed, double precision, double recall, double f1)
    {
        var counts = new MatchCounts(right, wrong, missed);
        counts.Precision.ShouldBe(precision, 1e-6);
        counts.Recall.ShouldBe(recall, 1e-6);
        counts.F1.ShouldBe(f1, 1e-6);
    }
}
