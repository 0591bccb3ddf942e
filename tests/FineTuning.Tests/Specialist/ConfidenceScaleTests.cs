using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Specialist;
using RagPlatform.Metrics.Confidence;

namespace RagPlatform.FineTuning.Tests.Specialist;

public sealed class ConfidenceScaleTests
{
    [Fact]
    public void Fit_OfFarTooSureConfidences_TellsHowOftenTheyAreRight()
    {
        double[] confidences = [.. Enumerable.Range(0, 400).Select(i => 1 - (1e-4 / (i % 20 == 0 ? 1 : 1 + (i % 7))))];
        bool[] isRight = [.. Enumerable.Range(0, 400).Select(i => i % 20 != 0)];

        var scale = ConfidenceScale.Fit(confidences, isRight);

        confidences.Average(scale.Apply).ShouldBe(0.95, 0.01);
    }

    [Fact]
    public void Fit_OfTooCarefulConfidences_MakesThemHonestAndKeepsTheirOrder()
    {
        // What is right so often says that it is its cube.
        double[] truth = [.. Enumerable.Range(0, 4000).Select(i => 0.3 + (0.69 * Uniform(1, i)))];
        bool[] isRight = [.. truth.Select((probability, i) => Uniform(2, i) < probability)];
        double[] careful = [.. truth.Select(probability => Math.Pow(probability, 3))];

        var scale = ConfidenceScale.Fit(careful[..2000], isRight[..2000]);

        double[] told = [.. careful[2000..].Select(scale.Apply)];
        CalibrationError.Expected(careful[2000..], isRight[2000..]).ShouldBeGreaterThan(0.15);
        CalibrationError.Expected(told, isRight[2000..]).ShouldBeLessThan(0.05);
        told.ShouldAllBe(confidence => confidence >= 0 && confidence <= 1);
        scale.Apply(0.9).ShouldBeGreaterThan(scale.Apply(0.5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void Fit_WhereAllAreRightOrNone_LeavesConfidences(int right) =>
        ConfidenceScale.Fit([.. Enumerable.Range(0, 100).Select(i => i / 100.0)], [.. Enumerable.Range(0, 100).Select(i => i < right)]).IsNone.ShouldBeTrue();

    [Fact]
    public void Fit_WhereTheSureAreWrong_LeavesConfidences() =>
        ConfidenceScale.Fit([.. Enumerable.Range(0, 100).Select(i => i / 100.0)], [.. Enumerable.Range(0, 100).Select(i => i < 50)]).IsNone.ShouldBeTrue();

    [Fact]
    public void Fit_OfZeroAndOne_IsFinite()
    {
        var scale = ConfidenceScale.Fit([.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? 0.0 : 1.0)], [.. Enumerable.Range(0, 100).Select(i => i % 2 == 1 && i > 5)]);

        double.IsFinite(scale.Apply(0)).ShouldBeTrue();
        double.IsFinite(scale.Apply(1)).ShouldBeTrue();
    }

    private static double Uniform(ulong stream, int i) => (RandomSeed.Derive(stream, (ulong)i) >> 11) / (double)(1UL << 53);
}
