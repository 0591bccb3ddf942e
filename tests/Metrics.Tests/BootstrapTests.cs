namespace RagPlatform.Metrics.Tests;

public sealed class BootstrapTests
{
    private const int Seed = 42;

    [Fact]
    public void Interval_OfTwoValues_SpansBoth()
    {
        // A quarter of the resamples holds only the one, a quarter only the other.
        var interval = Bootstrap.Interval([0, 1], new Random(Seed));

        interval.ShouldBe(new MeanInterval(0.5, 0, 1));
    }

    [Fact]
    public void Interval_OfManyCoinTosses_HasTheWidthThatStatisticsGives()
    {
        var tosses = Enumerable.Range(0, 400).Select(i => (double)(i % 2)).ToArray();

        var interval = Bootstrap.Interval(tosses, new Random(Seed));

        // ±1.96 standard errors of 0.5 / sqrt(400).
        interval.Mean.ShouldBe(0.5);
        interval.Low.ShouldBe(0.451, 0.006);
        interval.High.ShouldBe(0.549, 0.006);
    }

    [Fact]
    public void Interval_OfEqualValues_HasNoWidth() =>
        Bootstrap.Interval([0.25, 0.25, 0.25], new Random(Seed)).ShouldBe(new MeanInterval(0.25, 0.25, 0.25));

    [Fact]
    public void Interval_WithMoreConfidence_IsWider()
    {
        double[] values = [0.1, 0.4, 0.2, 0.9, 0.6, 0.3, 0.8];

        var narrow = Bootstrap.Interval(values, new Random(Seed), confidence: 0.5);
        var wide = Bootstrap.Interval(values, new Random(Seed), confidence: 0.99);

        wide.Low.ShouldBeLessThan(narrow.Low);
        wide.High.ShouldBeGreaterThan(narrow.High);
    }

    [Fact]
    public void Interval_WithTheSameSeed_IsTheSame()
    {
        double[] values = [0.1, 0.4, 0.2, 0.9, 0.6];

        Bootstrap.Interval(values, new Random(Seed)).ShouldBe(Bootstrap.Interval(values, new Random(Seed)));
    }

    [Fact]
    public void Interval_OfNothing_IsRefused() =>
        Should.Throw<ArgumentException>(() => Bootstrap.Interval([], new Random(Seed)));

    [Fact]
    public void Compare_OfARunWithItself_FindsNoDifference()
    {
        double[] values = [0.1, 0.4, 0.2, 0.9];

        Bootstrap.Compare(values, values, new Random(Seed)).ShouldBe(new PairedComparison(new MeanInterval(0, 0, 0), 1));
    }

    [Fact]
    public void Compare_WhenEveryQueryGainsTheSame_HasTheLeastPValue()
    {
        var comparison = Bootstrap.Compare([0, 0.25, 0.5], [0.25, 0.5, 0.75], new Random(Seed), resamples: 999);

        comparison.ShouldBe(new PairedComparison(new MeanInterval(0.25, 0.25, 0.25), 0.001));
    }

    [Fact]
    public void Compare_WithRunsExchanged_TurnsTheSign()
    {
        double[] first = [0.1, 0.4, 0.2, 0.9, 0.6, 0.5];
        double[] second = [0.3, 0.5, 0.1, 0.9, 0.9, 0.4];

        var forth = Bootstrap.Compare(first, second, new Random(Seed));
        var back = Bootstrap.Compare(second, first, new Random(Seed));

        back.Difference.Mean.ShouldBe(-forth.Difference.Mean, 1e-12);
        back.PValue.ShouldBe(forth.PValue);
        forth.PValue.ShouldBeInRange(0.1, 0.6);
    }

    [Fact]
    public void Compare_OfDifferentQueries_IsRefused() =>
        Should.Throw<ArgumentException>(() => Bootstrap.Compare([1, 2], [1], new Random(Seed)));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.25, 1.75)]
    [InlineData(0.5, 2.5)]
    [InlineData(1, 4)]
    public void Quantile_BetweenTwoValues_IsInterpolated(double share, double expected) =>
        Quantiles.Of([1, 2, 3, 4], share).ShouldBe(expected, 1e-12);
}
