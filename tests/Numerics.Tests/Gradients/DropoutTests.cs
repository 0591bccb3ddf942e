using RagPlatform.Numerics.Gradients;

namespace RagPlatform.Numerics.Tests.Gradients;

public sealed class DropoutTests
{
    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    public void Apply_ManyRows_DropsTheShareAndKeepsTheMean(float probability)
    {
        const int rows = 2000, width = 384;
        var (kept, sum) = (0, 0.0);
        for (var row = 0; row < rows; row++)
        {
            var values = Dropped(width, probability, Dropout.Stream(1, 2, 3, row));
            kept += values.Count(value => value != 0);
            sum += values.Sum(value => (double)value);
        }
        // Five standard deviations of as many independent draws.
        var slack = 5 * Math.Sqrt(probability * (1 - probability) / ((double)rows * width));
        (kept / ((double)rows * width)).ShouldBe(1 - probability, slack);
        (sum / ((double)rows * width)).ShouldBe(1, slack / (1 - probability));
    }

    [Fact]
    public void Apply_EveryLength_ChoosesAsTheLongestDoes()
    {
        var stream = Dropout.Stream(5, 1, 1, 9);
        var longest = Dropped(100, 0.3f, stream);
        for (var length = 0; length < 100; length++)
        {
            Dropped(length, 0.3f, stream).ShouldBe(longest[..length]);
        }
    }

    [Fact]
    public void Apply_OtherSeedLayerSiteOrRow_ChoosesIndependently()
    {
        var first = Dropped(4096, 0.5f, Dropout.Stream(1, 2, 3, 4));
        foreach (var other in new[] { Dropout.Stream(2, 2, 3, 4), Dropout.Stream(1, 3, 3, 4), Dropout.Stream(1, 2, 4, 4), Dropout.Stream(1, 2, 3, 5), Dropout.Stream(1, 3, 2, 4) })
        {
            var same = first.Zip(Dropped(4096, 0.5f, other)).Count(pair => pair.First == pair.Second);
            same.ShouldBeInRange(2048 - 160, 2048 + 160);
        }
    }

    /// <summary>A run that is resumed elsewhere draws the same: these choices are part of what a seed means.</summary>
    [Fact]
    public void Apply_KnownStream_ChoosesWhatItAlwaysDid() =>
        string.Concat(Dropped(48, 0.5f, Dropout.Stream(42, 1, 2, 3)).Select(value => value == 0 ? '0' : '1'))
            .ShouldBe("010001100011011011011001001111011011011101110100");

    [Fact]
    public void Apply_ProbabilityOf0_ChangesNothing() => Dropped(9, 0, 1).ShouldAllBe(value => value == 1);

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1f)]
    [InlineData(float.NaN)]
    public void Apply_ProbabilityOutOfRange_IsRefused(float probability) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Dropped(3, probability, 1));

    private static float[] Dropped(int length, float probability, ulong stream)
    {
        var values = Enumerable.Repeat(1f, length).ToArray();
        Dropout.Apply(values, probability, stream);
        return values;
    }
}
