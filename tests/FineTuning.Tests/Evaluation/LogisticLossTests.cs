using RagPlatform.FineTuning.Evaluation;

namespace RagPlatform.FineTuning.Tests.Evaluation;

public class LogisticLossTests
{
    private const int Texts = 300, Width = 37, Classes = 5;

    [Fact]
    public void At_RandomWeights_EqualsTheFormulaAndItsGradientFiniteDifferences()
    {
        var texts = Random(4);
        var loss = new LogisticLoss(texts, Classes, threads: 2, default);
        var random = new Random(8);
        float[] weights = [.. Enumerable.Range(0, loss.Length).Select(_ => (float)(random.NextDouble() - 0.5))];
        var gradient = new float[loss.Length];

        loss.At(weights, 0.3, gradient).ShouldBe(Reference(texts, weights, 0.3), 1e-5);
        foreach (var i in Enumerable.Range(0, 25).Select(k => k * 7).Append(loss.Length - 1))
        {
            var slope = (Reference(texts, With(weights, i, 1e-3f), 0.3) - Reference(texts, With(weights, i, -1e-3f), 0.3)) / 2e-3;
            ((double)gradient[i]).ShouldBe(slope, 1e-4, $"weight {i}");
        }
    }

    [Fact]
    public void Minimize_FromNothing_ComesToWhereTheGradientVanishes()
    {
        var loss = new LogisticLoss(Random(4), Classes, threads: 1, default);
        var (weights, gradient) = (new float[loss.Length], new float[loss.Length]);

        LimitedMemoryBfgs.Minimize(weights, (at, slope) => loss.At(at, 0.01, slope));

        loss.At(weights, 0.01, gradient);
        gradient.Max(Math.Abs).ShouldBeLessThan(1e-3f);
        weights.Max(Math.Abs).ShouldBeGreaterThan(0.1f);
    }

    [Fact]
    public void Minimize_NarrowValley_FindsItsEnd()
    {
        // Steep along one axis, flat along the other; least at (3, -2).
        float[] weights = [0, 0];
        LimitedMemoryBfgs.Minimize(weights, (at, gradient) =>
        {
            (gradient[0], gradient[1]) = (1000 * (at[0] - 3), at[1] + 2);
            return (500.0 * (at[0] - 3) * (at[0] - 3)) + (0.5 * (at[1] + 2) * (at[1] + 2));
        });

        ((double)weights[0]).ShouldBe(3, 1e-3);
        ((double)weights[1]).ShouldBe(-2, 2e-2);
    }

    private static double Reference(EmbeddedExamples texts, float[] weights, double penalty)
    {
        var sum = 0.0;
        for (var text = 0; text < texts.Count; text++)
        {
            var logits = Enumerable.Range(0, Classes)
                .Select(label => weights[(Classes * Width) + label] + Enumerable.Range(0, Width).Sum(k => (double)weights[(label * Width) + k] * texts.Vector(text)[k]))
                .ToArray();
            sum += Math.Log(logits.Sum(Math.Exp)) - logits[texts.Labels[text]];
        }

        return (sum / texts.Count) + (penalty / 2 * weights.Take(Classes * Width).Sum(weight => (double)weight * weight));
    }

    private static float[] With(float[] weights, int index, float change)
    {
        float[] changed = [.. weights];
        changed[index] += change;
        return changed;
    }

    private static EmbeddedExamples Random(int seed)
    {
        var random = new Random(seed);
        return new EmbeddedExamples(
            [.. Enumerable.Range(0, Texts).Select(_ => Enumerable.Range(0, Width).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray())],
            [.. Enumerable.Range(0, Texts).Select(_ => random.Next(Classes))]);
    }
}
