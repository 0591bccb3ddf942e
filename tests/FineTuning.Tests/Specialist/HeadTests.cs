using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Specialist;

namespace RagPlatform.FineTuning.Tests.Specialist;

public sealed class HeadTests
{
    private const int Width = 19;
    private const int Rows = 7;
    private const double Step = 1e-2;

    [Theory]
    [InlineData(1, 0f)]
    [InlineData(5, 0f)]
    [InlineData(33, 0.1f)]
    public void LabelHead_GradientsOfAllParametersAndRows_AreFiniteDifferences(int labels, float smoothing)
    {
        int[] wanted = [.. Enumerable.Range(0, Rows).Select(row => row == 3 ? LabelLoss.Unknown : row == 4 ? LabelLoss.OutOfScope : row % labels)];
        var loss = new LabelLoss(smoothing, [.. Enumerable.Range(0, labels).Select(label => 0.5f + label)]);
        Check(labels, (logits, factor) => loss.ReplaceByGradient(logits, wanted, factor));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void LabelSetHead_GradientsOfAllParametersAndRows_AreFiniteDifferences(int labels)
    {
        IReadOnlySet<int>?[] wanted = [.. Enumerable.Range(0, Rows).Select(row => row == 2 ? null : Enumerable.Range(0, labels).Where(label => (label + row) % 3 == 0).ToHashSet())];
        Check(labels, (logits, factor) => LabelSetLoss.ReplaceByGradient(logits, wanted, labels, factor));
    }

    [Fact]
    public void LabelSetLoss_OfHugeLogits_IsFinite()
    {
        float[] logits = [1e4f, -1e4f];

        LabelSetLoss.ReplaceByGradient(logits, [new HashSet<int> { 1 }], 2, 1).ShouldBe(1e4, 1);

        logits.ShouldBe([0.5f, -0.5f]);
    }

    [Fact]
    public void BalancedWeights_OfRareLabels_AreLargerAndTheirMeanOverTheExamplesIsOne()
    {
        int[] counts = [900, 100, 0];

        var weights = LabelLoss.BalancedWeights(counts);

        (weights[1] / weights[0]).ShouldBe(3, 1e-5);
        (counts.Zip(weights, (count, weight) => count * weight).Sum() / 1000).ShouldBe(1, 1e-5);
        weights[2].ShouldBe(1);
    }

    private static void Check(int outputs, LossOf loss)
    {
        var head = new LinearHead("head", Width, outputs, seed: 3);
        head.Parameters.Select(parameter => parameter.Name).ShouldBe(["head.weight", "head.bias"]);
        var rows = Values(Rows * Width, 5);
        var rowGradient = new float[rows.Length];
        var logits = new float[Rows * outputs];
        head.Forward(rows, Rows, logits);
        loss(logits, 1);
        head.Backward(rows, Rows, logits, rowGradient);

        foreach (var parameter in head.Parameters)
        {
            Compare(parameter.Values, parameter.Gradient, () => Loss(head, rows, outputs, loss));
        }

        Compare(rows, rowGradient, () => Loss(head, rows, outputs, loss));
    }

    private static double Loss(LinearHead head, float[] rows, int outputs, LossOf loss)
    {
        head.Repack();
        var logits = new float[Rows * outputs];
        head.Forward(rows, Rows, logits);
        return loss(logits, 1);
    }

    private static void Compare(float[] values, float[] gradient, Func<double> loss)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var kept = values[i];
            values[i] = (float)(kept + Step);
            var above = loss();
            values[i] = (float)(kept - Step);
            var below = loss();
            values[i] = kept;
            loss();
            gradient[i].ShouldBe((float)((above - below) / (2 * Step)), 2e-3f, $"value {i}");
        }
    }

    private static float[] Values(int count, ulong seed) => [.. Enumerable.Range(0, count).Select(i => ((RandomSeed.Derive(seed, (ulong)i) >> 40) * (2f / (1 << 24))) - 1)];

    private delegate double LossOf(Span<float> logits, float factor);
}
