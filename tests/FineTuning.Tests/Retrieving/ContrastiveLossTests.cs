using RagPlatform.FineTuning.Retrieving.Batches;
using RagPlatform.FineTuning.Retrieving.Loss;

namespace RagPlatform.FineTuning.Tests.Retrieving;

public sealed class ContrastiveLossTests
{
    private const int Width = 6;

    private static readonly ContrastiveExample[] Examples =
    [
        new(Query: 7, Positive: 3, Negatives: [9, 4]),
        new(Query: 8, Positive: 4, Negatives: [9]),
        new(Query: 7, Positive: 5, Negatives: []),
    ];

    [Theory]
    [InlineData(0.05, 0, new[] { 6 })]
    [InlineData(1, 0, new[] { 6 })]
    [InlineData(0.1, 0, new[] { 2, 4, 6 })]
    [InlineData(0.1, 0.7, new[] { 3, 6 })]
    public void Compute_AtAnyVectors_GivesTheGradientOfFiniteDifferences(double temperature, double anchorWeight, int[] widths)
    {
        var loss = new ContrastiveLoss(temperature, widths, anchorWeight);
        var batch = new ContrastiveBatch(Examples, (example, passage) => example.Query == 7 && passage is 3 or 5);
        var vectors = Vectors(batch, seed: 5);
        var anchors = new UnitVectors(Vectors(batch, seed: 6), Width, Width).Values;

        var (_, gradients) = loss.Compute(batch, vectors, anchors, Width, scale: 0.5);

        for (var i = 0; i < vectors.Length; i++)
        {
            const float Step = 2e-3f;
            var expected = 0.5 * (LossAt(i, Step) - LossAt(i, -Step)) / (2 * Step);
            ((double)gradients[i]).ShouldBe(expected, 2e-3 + (2e-3 * Math.Abs(expected)), $"component {i}");
        }

        double LossAt(int index, float change)
        {
            var moved = vectors.ToArray();
            moved[index] += change;
            return loss.Compute(batch, moved, anchors, Width, scale: 1).Loss;
        }
    }

    [Fact]
    public void Compute_ExcludedPassages_HaveNoPartInTheLoss()
    {
        var loss = new ContrastiveLoss(0.1, [Width], AnchorWeight: 0);
        ContrastiveExample[] examples = [new(0, 0, [1, 2])];
        var without = new ContrastiveBatch([new(0, 0, [1])], (_, _) => false);
        var excluded = new ContrastiveBatch(examples, (_, passage) => passage == 2);
        var vectors = Vectors(excluded, seed: 1);

        var (value, gradients) = loss.Compute(excluded, vectors, [], Width, 1);

        value.ShouldBe(loss.Compute(without, vectors.AsSpan(0, vectors.Length - Width), [], Width, 1).Loss, 1e-12);
        gradients.AsSpan(gradients.Length - Width).ToArray().ShouldAllBe(gradient => gradient == 0);
    }

    [Fact]
    public void Compute_VectorOfZeros_GivesFiniteLossAndNoGradientForIt()
    {
        var batch = new ContrastiveBatch(Examples, (_, _) => false);
        var vectors = Vectors(batch, seed: 2);
        Array.Clear(vectors, 0, Width);

        var (value, gradients) = new ContrastiveLoss(0.05, [3, Width], 0).Compute(batch, vectors, [], Width, 1);

        double.IsFinite(value).ShouldBeTrue();
        gradients.ShouldAllBe(gradient => float.IsFinite(gradient));
        gradients.AsSpan(0, Width).ToArray().ShouldAllBe(gradient => gradient == 0);
    }

    [Fact]
    public void Compute_LowTemperature_DoesNotOverflow()
    {
        var batch = new ContrastiveBatch(Examples, (_, _) => false);

        var (value, gradients) = new ContrastiveLoss(1e-3, [Width], 0).Compute(batch, Vectors(batch, seed: 3), [], Width, 1);

        double.IsFinite(value).ShouldBeTrue();
        gradients.ShouldAllBe(gradient => float.IsFinite(gradient));
    }

    private static float[] Vectors(ContrastiveBatch batch, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, (batch.Queries.Count + batch.Passages.Count) * Width).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }
}
