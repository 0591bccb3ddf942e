using RagPlatform.Search.Fusion;

namespace RagPlatform.Search.Tests.Fusion;

public class MinMaxFusionTests
{
    [Fact]
    public void Fuse_TwoLists_IsTheWeightedSumOfStretchedScores()
    {
        var fused = new double[3];

        MinMaxFusion.Fuse([0, 5, 10], [0.9f, 0.1f, 0.5f], 0.5, fused);

        fused[0].ShouldBe(0.5, 1e-6);
        fused[1].ShouldBe(0.25, 1e-6);
        fused[2].ShouldBe(0.75, 1e-6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Fuse_OneArmAlone_KeepsThatArmsOrder(double weight)
    {
        float[] lexical = [3, 1, 2];
        float[] vector = [-0.5f, 0.7f, 0.1f];
        var fused = new double[3];

        MinMaxFusion.Fuse(lexical, vector, weight, fused);

        Enumerable.Range(0, 3).OrderBy(i => fused[i]).ShouldBe(Enumerable.Range(0, 3).OrderBy(i => weight == 0 ? lexical[i] : vector[i]));
    }

    [Fact]
    public void Fuse_AnyScores_StayWithinZeroAndOne()
    {
        var random = new Random(5);
        for (var round = 0; round < 1000; round++)
        {
            var count = random.Next(0, 8);
            var lexical = Enumerable.Range(0, count).Select(_ => random.Next(3) == 0 ? 0f : random.NextSingle() * 40).ToArray();
            var vector = Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1).ToArray();
            var fused = new double[count];

            MinMaxFusion.Fuse(lexical, vector, random.NextDouble(), fused);

            fused.ShouldAllBe(score => score >= 0 && score <= 1);
        }
    }

    [Fact]
    public void Fuse_NothingToStretch_IsOneForAMatchAndZeroForNone()
    {
        var fused = new double[2];

        MinMaxFusion.Fuse([0, 0], [0.4f, 0.4f], 0.5, fused);

        fused.ShouldBe([0.5, 0.5]);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Fuse_WeightOutOfRange_IsRefused(double weight) =>
        Should.Throw<ArgumentOutOfRangeException>(() => MinMaxFusion.Fuse([1], [1], weight, new double[1]));
}
