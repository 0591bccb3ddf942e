using RagPlatform.Metrics.Confidence;

namespace RagPlatform.Metrics.Tests.Confidence;

public sealed class CalibrationErrorTests
{
    [Fact]
    public void Expected_WorkedByHand_IsThat()
    {
        // Bins of a fifth: (0.4, 0.6] holds .5 right and .6 wrong: |1 - 1.1|; (0.8, 1] holds .9 right, 1 right and .95 wrong: |2 - 2.85|.
        CalibrationError.Expected([0.5, 0.6, 0.9, 1, 0.95], [true, false, true, true, false], bins: 5).ShouldBe((0.1 + 0.85) / 5, 1e-12);
    }

    [Theory]
    [InlineData(0.7, 7, 0)]
    [InlineData(0.7, 5, 0.2)]
    [InlineData(1.0, 10, 0)]
    [InlineData(1.0, 0, 1)]
    [InlineData(0.0, 0, 0)]
    public void Expected_OneConfidenceOfTenExamples_IsItsDistanceFromAccuracy(double confidence, int right, double expected) =>
        CalibrationError.Expected([.. Enumerable.Repeat(confidence, 10)], [.. Enumerable.Range(0, 10).Select(i => i < right)]).ShouldBe(expected, 1e-12);

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void Expected_ConfidenceOutOfRange_IsRefused(double confidence) =>
        Should.Throw<ArgumentException>(() => CalibrationError.Expected([0.5, confidence], [true, true])).Message.ShouldContain("example 1");
}
