using RagPlatform.Numerics.Gradients;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Tests.Gradients;

/// <summary>Row-wise gradients of decoders: the scalar forms against finite differences, the SIMD forms against the scalar at every length.</summary>
public sealed class DecoderGradientsTests
{
    private const float Epsilon = 1e-5f;

    private delegate void AddSource(ReadOnlySpan<float> source, ReadOnlySpan<float> gain, float epsilon, ReadOnlySpan<float> dy, Span<float> dx);

    private delegate void Replace(Span<float> gate, Span<float> up, ReadOnlySpan<float> dy);

    [Fact]
    public void RmsNorm_Gradients_EqualFiniteDifferences()
    {
        var (source, gain, dy) = (SeededRandom.Floats(1, 13, 2f), SeededRandom.Floats(2, 13), SeededRandom.Floats(3, 13));
        var (dx, dgain) = (new float[13], new float[13]);
        RmsNormGradient.AddSourceScalar(source, gain, Epsilon, dy, dx);
        RmsNormGradient.AddGain(source, Epsilon, dy, dgain);
        Differences.ShouldBeNear(dx, Differences.Of(source, x => Norm(x, Array.ConvertAll(gain, g => (double)g), dy)), 1e-5, "source");
        Differences.ShouldBeNear(dgain, Differences.Of(gain, g => Norm(Array.ConvertAll(source, x => (double)x), g, dy)), 1e-5, "gain");
    }

    [Fact]
    public void RmsNorm_EveryLength_EqualsScalarAndAdds()
    {
        List<AddSource> forms = [RmsNormGradient.AddSource];
        AddWhere(Lanes128.IsAccelerated, forms, RmsNormGradient.AddSource<Lanes128>);
        AddWhere(Lanes256.IsAccelerated, forms, RmsNormGradient.AddSource<Lanes256>);
        AddWhere(Lanes512.IsAccelerated, forms, RmsNormGradient.AddSource<Lanes512>);
        for (var length = 1; length < 150; length++)
        {
            var (source, gain, dy) = (SeededRandom.Floats(length, length, 3f), SeededRandom.Floats(length + 1, length), SeededRandom.Floats(length + 2, length));
            var before = SeededRandom.Floats(length + 3, length);
            float[] expected = [.. before];
            RmsNormGradient.AddSourceScalar(source, gain, Epsilon, dy, expected);
            foreach (var form in forms)
            {
                float[] actual = [.. before];
                form(source, gain, Epsilon, dy, actual);
                Differences.ShouldBeNear(actual, Array.ConvertAll(expected, value => (double)value), 2e-5, $"length {length}");
            }
        }
    }

    [Fact]
    public void SwiGlu_Gradients_EqualFiniteDifferences()
    {
        var (gate, up, dy) = (SeededRandom.Floats(1, 17, 4f), SeededRandom.Floats(2, 17, 2f), SeededRandom.Floats(3, 17));
        float[] dgate = [.. gate], dup = [.. up];
        SwiGluGradient.ReplaceScalar(dgate, dup, dy);
        Differences.ShouldBeNear(dgate, Differences.Of(gate, g => Gated(g, Array.ConvertAll(up, u => (double)u), dy)), 1e-5, "gate");
        Differences.ShouldBeNear(dup, Differences.Of(up, u => Gated(Array.ConvertAll(gate, g => (double)g), u, dy)), 1e-5, "up");
    }

    [Fact]
    public void SwiGlu_EveryLength_EqualsScalar()
    {
        List<Replace> forms = [SwiGluGradient.Replace];
        AddWhere(Lanes128.IsAccelerated, forms, SwiGluGradient.Replace<Lanes128>);
        AddWhere(Lanes256.IsAccelerated, forms, SwiGluGradient.Replace<Lanes256>);
        AddWhere(Lanes512.IsAccelerated, forms, SwiGluGradient.Replace<Lanes512>);
        for (var length = 1; length < 100; length++)
        {
            var (gate, up, dy) = (SeededRandom.Floats(length, length, 20f), SeededRandom.Floats(length + 1, length), SeededRandom.Floats(length + 2, length));
            float[] expectedGate = [.. gate], expectedUp = [.. up];
            SwiGluGradient.ReplaceScalar(expectedGate, expectedUp, dy);
            foreach (var form in forms)
            {
                float[] actualGate = [.. gate], actualUp = [.. up];
                form(actualGate, actualUp, dy);
                Differences.ShouldBeNear(actualGate, Array.ConvertAll(expectedGate, value => (double)value), 2e-5, $"gate, length {length}");
                Differences.ShouldBeNear(actualUp, Array.ConvertAll(expectedUp, value => (double)value), 2e-5, $"up, length {length}");
            }
        }
    }

    [Fact]
    public void Rotate_ByTheNegativeSines_IsItsGradient()
    {
        var (head, cosines, sines, dy) = (SeededRandom.Floats(1, 10), SeededRandom.Floats(2, 5), SeededRandom.Floats(3, 5), SeededRandom.Floats(4, 10));
        float[] actual = [.. dy];
        VectorMath.Rotate(actual, cosines, Array.ConvertAll(sines, sine => -sine));
        Differences.ShouldBeNear(actual, Differences.Of(head, x => Differences.Weigh(Enumerable.Range(0, 10).Select(i =>
            i < 5 ? x[i] * cosines[i] - x[i + 5] * sines[i] : x[i] * cosines[i - 5] + x[i - 5] * sines[i - 5]), dy)), 1e-5, "head");
    }

    [Fact]
    public void OuterProducts_AnyShape_EqualTheScalarAndAdd()
    {
        foreach (var (aColumns, bColumns, depth) in new[] { (1, 1, 1), (3, 31, 7), (8, 32, 5), (13, 64, 33), (21, 100, 600), (48, 96, 1030) })
        {
            var (a, b) = (SeededRandom.Floats(1, depth * (aColumns + 2)), SeededRandom.Floats(2, depth * (bColumns + 1)));
            var actual = SeededRandom.Floats(3, aColumns * (bColumns + 3));
            float[] expected = [.. actual];
            OuterProducts.AddScalar(a, aColumns + 2, aColumns, b, bColumns + 1, bColumns, depth, expected, bColumns + 3);
            for (var tile = 0; tile < OuterProducts.TilesOf(bColumns); tile++)
            {
                OuterProducts.Add(a, aColumns + 2, aColumns, b, bColumns + 1, bColumns, depth, actual, bColumns + 3, tile);
            }
            Differences.ShouldBeNear(actual, Array.ConvertAll(expected, value => (double)value), 1e-4, $"{aColumns} by {bColumns} over {depth}");
        }
    }

    private static void AddWhere<T>(bool isAccelerated, List<T> forms, T form)
    {
        if (isAccelerated)
        {
            forms.Add(form);
        }
    }

    private static double Norm(double[] x, double[] gain, float[] dy)
    {
        var scale = 1 / Math.Sqrt(x.Sum(value => value * value) / x.Length + Epsilon);
        return Differences.Weigh(x.Zip(gain, (value, g) => value * scale * g), dy);
    }

    private static double Gated(double[] gate, double[] up, float[] dy) =>
        Differences.Weigh(gate.Zip(up, (g, u) => g / (1 + Math.Exp(-g)) * u), dy);
}
