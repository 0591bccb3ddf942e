using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Tests;

/// <summary>Every SIMD form against its scalar reference, at every length that leaves a different tail.</summary>
public abstract class VectorMathTests
{
    private const int Longest = 200;
    private const float Sentinel = 12345f;

    private protected abstract Kernels Kernels { get; }

    [Fact]
    public void Dot_EveryLength_EqualsScalar()
    {
        for (var length = 0; length <= Longest; length++)
        {
            var left = SeededRandom.Floats(length, length);
            var right = SeededRandom.Floats(length + 1, length);
            Kernels.Dot(left, right).ShouldBe(VectorMath.DotScalar(left, right), 1e-4f, $"length {length}");
        }
    }

    [Fact]
    public void Add_EveryLength_EqualsScalar() => EveryLength(
        1e-6f, 1f,
        (values, other) => Kernels.Add(values, other),
        (values, other) => VectorMath.AddScalar(values, other));

    [Fact]
    public void AddScaled_EveryLength_EqualsScalar() => EveryLength(
        1e-6f, 1f,
        (values, other) => Kernels.AddScaled(values, -0.37f, other),
        (values, other) => VectorMath.AddScaledScalar(values, -0.37f, other));

    [Fact]
    public void Scale_EveryLength_EqualsScalar() => EveryLength(
        1e-6f, 1f,
        (values, _) => Kernels.Scale(values, 0.37f),
        (values, _) => VectorMath.ScaleScalar(values, 0.37f));

    [Fact]
    public void Gelu_EveryLength_EqualsScalar() => EveryLength(
        4e-6f, 8f,
        (values, _) => Kernels.Gelu(values),
        (values, _) => VectorMath.GeluScalar(values));

    [Fact]
    public void Softmax_EveryLength_EqualsScalar() => EveryLength(
        1e-6f, 30f,
        (values, _) => Kernels.Softmax(values, 0.5f),
        (values, _) => VectorMath.SoftmaxScalar(values, 0.5f));

    [Fact]
    public void LayerNorm_EveryLength_EqualsScalar() => EveryLength(
        2e-4f, 3f,
        (values, other) => Kernels.LayerNorm(values, other, other, 1e-5f),
        (values, other) => VectorMath.LayerNormScalar(values, other, other, 1e-5f));

    [Fact]
    public void Exponential_WholeRange_IsWithinItsStatedError()
    {
        for (var x = -87.0; x <= 88; x += 0.0137)
        {
            var argument = (float)x;
            var expected = Math.Exp(argument);
            (Math.Abs(Kernels.Exponential(argument) - expected) / expected).ShouldBeLessThan(3e-7, $"e^{argument}");
        }
    }

    [Fact]
    public void PowerOfTwo_WholeRange_IsWithinItsStatedError()
    {
        for (var x = -126.0; x <= 0; x += 0.0137)
        {
            var argument = (float)x;
            var expected = Math.Pow(2, argument);
            (Math.Abs(Kernels.PowerOfTwo(argument) - expected) / expected).ShouldBeLessThan(3e-7, $"2^{argument}");
        }

        Kernels.PowerOfTwo(float.NegativeInfinity).ShouldBeInRange(0f, 1.2e-38f);
        Kernels.PowerOfTwo(float.NaN).ShouldBe(float.NaN);
    }

    [Fact]
    public void Softmax_HugeValues_DoesNotOverflow()
    {
        float[] values = [.. Enumerable.Repeat(3e38f, 19), -3e38f];
        Kernels.Softmax(values, 1f);
        values[0].ShouldBe(1f / 19, 1e-6f);
        values[^1].ShouldBe(0f, 1e-6f);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(18)]
    public void Softmax_OneNaN_MakesAllNaN(int place)
    {
        var values = SeededRandom.Floats(3, 19);
        values[place] = float.NaN;
        Kernels.Softmax(values, 1f);
        values.ShouldAllBe(value => float.IsNaN(value));
    }

    [Fact]
    public void Gelu_NaN_StaysNaN()
    {
        var values = new float[19];
        values[0] = values[18] = float.NaN;
        Kernels.Gelu(values);
        float.IsNaN(values[0]).ShouldBeTrue();
        float.IsNaN(values[18]).ShouldBeTrue();
        values[1].ShouldBe(0f);
    }

    private static void EveryLength(
        float tolerance, float range, Action<Span<float>, float[]> fast, Action<Span<float>, float[]> reference)
    {
        for (var length = 1; length <= Longest; length++)
        {
            var other = SeededRandom.Floats(length, length);
            float[] actual = [Sentinel, .. SeededRandom.Floats(-length, length, range), Sentinel];
            float[] expected = [.. actual];
            fast(actual.AsSpan(1, length), other);
            reference(expected.AsSpan(1, length), other);
            for (var i = 0; i < actual.Length; i++)
            {
                actual[i].ShouldBe(expected[i], tolerance, $"length {length}, index {i - 1}");
            }
        }
    }
}

public sealed class VectorMath512Tests : VectorMathTests
{
    private protected override Kernels Kernels { get; } = new Kernels<Lanes512>();
}

public sealed class VectorMath256Tests : VectorMathTests
{
    private protected override Kernels Kernels { get; } = new Kernels<Lanes256>();
}

public sealed class VectorMath128Tests : VectorMathTests
{
    private protected override Kernels Kernels { get; } = new Kernels<Lanes128>();
}
