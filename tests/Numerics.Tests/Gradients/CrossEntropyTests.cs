using RagPlatform.Numerics.Gradients;

namespace RagPlatform.Numerics.Tests.Gradients;

public sealed class CrossEntropyTests
{
    [Theory]
    [InlineData(0f)]
    [InlineData(0.2f)]
    public void ReplaceByGradient_EqualsFiniteDifferences(float smoothing)
    {
        const int label = 3;
        var logits = SeededRandom.Floats(1, 21, 3f);
        float[] gradient = [.. logits];
        var loss = CrossEntropy.ReplaceByGradient(gradient, label, smoothing, factor: 0.5f);
        loss.ShouldBe(Exact(Array.ConvertAll(logits, z => (double)z)), 1e-5);
        Differences.ShouldBeNear(gradient, Differences.Of(logits, z => 0.5 * Exact(z)), 1e-5, "logits");

        double Exact(double[] z)
        {
            var log = Math.Log(z.Sum(Math.Exp));
            return (1 - smoothing) * (log - z[label]) + smoothing * z.Average(value => log - value);
        }
    }

    [Fact]
    public void Loss_OfLargeLogits_IsFinite()
    {
        CrossEntropy.Loss([1000f, 999f, -1000f], 0).ShouldBe(Math.Log(1 + Math.Exp(-1)), 1e-5);
        CrossEntropy.Loss([1000f, 999f, -1000f], 2).ShouldBe(2000 + Math.Log(1 + Math.Exp(-1)), 1e-3);
    }
}
