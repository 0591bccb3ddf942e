using RagPlatform.Numerics.Gradients;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Tests.Gradients;

/// <summary>Row-wise gradients of encoders against finite differences in fp64, at every length and register width.</summary>
public sealed class EncoderGradientsTests
{
    private const float Epsilon = 1e-5f;

    private delegate void Norm(ReadOnlySpan<float> input, ReadOnlySpan<float> gain, float epsilon, Span<float> gradient, Span<float> gainGradient);

    private delegate void Activation(Span<float> x, Span<float> gradient);

    [Fact]
    public void LayerNorm_EveryLengthAndWidth_EqualsFiniteDifferences()
    {
        List<Norm> forms = [LayerNormGradient.ApplyScalar, LayerNormGradient.Apply<Lanes128>];
        AddWhere(Lanes256.IsAccelerated, forms, LayerNormGradient.Apply<Lanes256>);
        AddWhere(Lanes512.IsAccelerated, forms, LayerNormGradient.Apply<Lanes512>);
        foreach (var length in Enumerable.Range(2, 66).Append(129))
        {
            var (x, gain, dy) = (SeededRandom.Floats(length, length, 2f), SeededRandom.Floats(length + 1, length), SeededRandom.Floats(length + 2, length));
            var expected = Differences.Of(x, values => Normed(values, Array.ConvertAll(gain, g => (double)g), dy));
            var expectedGain = Differences.Of(gain, values => Normed(Array.ConvertAll(x, value => (double)value), values, dy));
            foreach (var form in forms)
            {
                float[] gradient = [.. dy], gainGradient = [.. Enumerable.Repeat(3f, length)];
                form(x, gain, Epsilon, gradient, gainGradient);
                Differences.ShouldBeNear(gradient, expected, 2e-4, $"x of {length}");
                Differences.ShouldBeNear(gainGradient, [.. expectedGain.Select(value => value + 3)], 2e-5, $"gain of {length}");
            }
        }
    }

    [Fact]
    public void LayerNorm_BiasGradient_IsWhatCame()
    {
        float[] dy = [1, 2, 3], bias = [10, 10, 10];
        LayerNormGradient.Apply([1, 5, 2], [1, 1, 1], Epsilon, dy, [], bias);
        bias.ShouldBe([11, 12, 13]);
    }

    [Fact]
    public void LayerNorm_LengthsThatDiffer_AreRefused() =>
        Should.Throw<ArgumentException>(() => LayerNormGradient.Apply(new float[3], new float[3], Epsilon, new float[4], [], []));

    [Fact]
    public void Gelu_EveryLengthAndWidth_EqualsFiniteDifferencesAndGivesTheValue()
    {
        List<Activation> forms = [GeluGradient.ApplyScalar, GeluGradient.Apply<Lanes128>];
        AddWhere(Lanes256.IsAccelerated, forms, GeluGradient.Apply<Lanes256>);
        AddWhere(Lanes512.IsAccelerated, forms, GeluGradient.Apply<Lanes512>);
        foreach (var length in Enumerable.Range(1, 50))
        {
            var (x, dy) = (SeededRandom.Floats(length, length, 6f), SeededRandom.Floats(length + 1, length));
            var expected = Differences.Of(x, values => Differences.Weigh(values.Select(Gelu), dy));
            foreach (var form in forms)
            {
                float[] value = [.. x], gradient = [.. dy];
                form(value, gradient);
                Differences.ShouldBeNear(gradient, expected, 1e-5, $"gradient of {length}");
                Differences.ShouldBeNear(value, [.. x.Select(at => Gelu(at))], 3e-6, $"value of {length}");
            }
        }
    }

    [Fact]
    public void Gelu_FarOut_IsTheLineOrNothing()
    {
        float[] x = [-40, -12, 0, 12, 40], gradient = [1, 1, 1, 1, 1];
        GeluGradient.Apply(x, gradient);
        gradient.ShouldBe([0, 0, 0.5f, 1, 1], 1e-5);
        x.ShouldBe([0, 0, 0, 12, 40], 1e-4);
    }

    private static void AddWhere<T>(bool supported, List<T> forms, T form)
    {
        if (supported)
        {
            forms.Add(form);
        }
    }

    private static double Normed(double[] x, double[] gain, float[] dy)
    {
        var mean = x.Average();
        var deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + Epsilon);
        return Differences.Weigh(x.Select((value, i) => (value - mean) / deviation * gain[i]), dy);
    }

    /// <summary>x·Φ(x), with Φ by its series, which converges for every x (Marsaglia 2004).</summary>
    private static double Gelu(double x)
    {
        double sum = x, term = x;
        for (var n = 1; n < 200; n++)
        {
            term *= x * x / ((2 * n) + 1);
            sum += term;
        }
        return x * (0.5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)));
    }
}
