using RagPlatform.Metrics.Labels;

namespace RagPlatform.Metrics.Tests.Labels;

public sealed class LabelMetricsTests
{
    // scikit-learn's example of f1_score.
    private static readonly int[] Expected = [0, 1, 2, 0, 1, 2];
    private static readonly int[] Predicted = [0, 2, 1, 0, 0, 1];

    [Fact]
    public void Accuracy_OfScikitLearnsExample_IsItsValue() => LabelMetrics.Accuracy(Expected, Predicted).ShouldBe(2.0 / 6, 1e-12);

    [Fact]
    public void MacroF1_OfScikitLearnsExample_IsItsValue() => LabelMetrics.MacroF1(Expected, Predicted).ShouldBe(0.26666667, 1e-8);

    [Fact]
    public void MacroF1_LabelPredictedButNeverExpected_CountsAsZero() =>
        LabelMetrics.MacroF1<string>(["a", "a", "b", "b"], ["a", "a", "b", "c"]).ShouldBe((1 + (2.0 / 3) + 0) / 3, 1e-12);

    [Fact]
    public void Confusions_OfSeveral_AreTheMostFrequentFirst() =>
        LabelMetrics.Confusions<string>(["a", "b", "a", "c", "a", "b"], ["b", "a", "b", "c", "c", "b"], 2)
            .ShouldBe([new Confusion<string>("a", "b", 2), new Confusion<string>("b", "a", 1)]);

    [Fact]
    public void Accuracy_OfNothingOrOtherExamples_IsRefused()
    {
        Should.Throw<ArgumentException>(() => LabelMetrics.Accuracy<int>([], []));
        Should.Throw<ArgumentException>(() => LabelMetrics.Accuracy([1, 2], [1]));
    }
}
