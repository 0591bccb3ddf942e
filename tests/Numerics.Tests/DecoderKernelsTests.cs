using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Tests;

/// <summary>What decoders need of the SIMD forms, against the scalar references and mathematics in fp64, at every length.</summary>
public abstract class DecoderKernelsTests
{
    private const int Longest = 200;
    private const float Sentinel = 12345f;

    private protected abstract Kernels Kernels { get; }

    [Fact]
    public void RmsNorm_EveryLength_EqualsScalar()
    {
        for (var length = 1; length <= Longest; length++)
        {
            var (values, gain) = (SeededRandom.Floats(length, length, 5f), SeededRandom.Floats(length + 1, length));
            var expected = new float[length];
            VectorMath.RmsNormScalar(values, gain, 1e-5f, expected);
            Around(values, actual => Kernels.RmsNorm(actual, gain, 1e-5f)).ShouldBe(expected, 2e-5, $"length {length}");
        }
    }

    [Fact]
    public void SwiGlu_EveryLength_EqualsScalar()
    {
        for (var length = 1; length <= Longest; length++)
        {
            var (values, up) = (SeededRandom.Floats(length, length, 20f), SeededRandom.Floats(length + 1, length, 3f));
            float[] expected = [.. values];
            VectorMath.SwiGluScalar(expected, up);
            Around(values, actual => Kernels.SwiGlu(actual, up)).ShouldBe(expected, 3e-5, $"length {length}");
        }
    }

    [Fact]
    public void Rotate_EveryLength_EqualsScalar()
    {
        for (var half = 1; half <= Longest / 2; half++)
        {
            var values = SeededRandom.Floats(half, 2 * half);
            var (cosines, sines) = (SeededRandom.Floats(half + 1, half), SeededRandom.Floats(half + 2, half));
            float[] expected = [.. values];
            VectorMath.RotateScalar(expected, cosines, sines, from: 0);
            Around(values, actual => Kernels.Rotate(actual, cosines, sines)).ShouldBe(expected, 1e-6, $"half {half}");
        }
    }

    [Fact]
    public void Exponentials_EveryLength_MatchTheDefinition()
    {
        for (var length = 0; length <= Longest; length++)
        {
            var values = SeededRandom.Floats(length, length, 10f);
            var highest = Kernels.Highest(values);
            highest.ShouldBe(length == 0 ? float.NegativeInfinity : values.Max());
            var expected = Array.ConvertAll(values, value => Math.Exp((value - highest) * 0.5));
            float sum = 0;
            var actual = Around(values, row => sum = Kernels.Exponentials(row, highest, 0.5f));
            ((double)sum).ShouldBe(expected.Sum(), 1e-4, $"length {length}");
            actual.ShouldBe(Array.ConvertAll(expected, value => (float)value), 1e-6, $"length {length}");
        }
    }

    [Fact]
    public void Widen_EveryFiniteNumber_IsExact()
    {
        var bits = Enumerable.Range(0, 1 << 16).Select(value => (ushort)value).ToArray();
        var halves = Kernels.Widen(bits, ElementType.Float16);
        var brains = Kernels.Widen(bits, ElementType.BFloat16);
        for (var i = 0; i < bits.Length; i++)
        {
            var half = BitConverter.UInt16BitsToHalf(bits[i]);
            if (Half.IsFinite(half))
            {
                BitConverter.SingleToInt32Bits(halves[i]).ShouldBe(BitConverter.SingleToInt32Bits((float)half), $"fp16 {bits[i]:x4}");
            }
            BitConverter.SingleToInt32Bits(brains[i]).ShouldBe(bits[i] << 16, $"bf16 {bits[i]:x4}");
        }
    }

    [Fact]
    public void RmsNorm_AndSwiGlu_KeepNaN()
    {
        var values = new float[19];
        values[18] = float.NaN;
        float[] ones = [.. Enumerable.Repeat(1f, 19)];
        Kernels.SwiGlu(values, ones);
        (float.IsNaN(values[18]), values[0]).ShouldBe((true, 0f));
        Kernels.RmsNorm(values, ones, 1e-5f);
        values.ShouldAllBe(value => float.IsNaN(value));
    }

    /// <summary>Runs it between sentinels, which must stay.</summary>
    private static float[] Around(float[] values, SpanAction run)
    {
        float[] padded = [Sentinel, .. values, Sentinel];
        run(padded.AsSpan(1, values.Length));
        (padded[0], padded[^1]).ShouldBe((Sentinel, Sentinel));
        return padded[1..^1];
    }

    private delegate void SpanAction(Span<float> values);
}

public sealed class DecoderKernels512Tests : DecoderKernelsTests
{
    private protected override Kernels Kernels { get; } = new Kernels<Lanes512>();
}

public sealed class DecoderKernels256Tests : DecoderKernelsTests
{
    private protected override Kernels Kernels { get; } = new Kernels<Lanes256>();
}

public sealed class DecoderKernels128Tests : DecoderKernelsTests
{
    private protected override Kernels Kernels { get; } = new Kernels<Lanes128>();
}
