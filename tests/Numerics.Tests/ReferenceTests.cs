namespace RagPlatform.Numerics.Tests;

/// <summary>The scalar references and the public entry points against mathematics worked out in double precision.</summary>
public sealed class ReferenceTests
{
    [Fact]
    public void Gelu_AgainstTheErfSeries_IsWithinItsStatedError()
    {
        for (var x = -6f; x <= 6; x += 0.01f)
        {
            float[] scalar = [x];
            var machine = Enumerable.Repeat(x, 16).ToArray();
            VectorMath.GeluScalar(scalar);
            VectorMath.Gelu(machine);
            var expected = x * 0.5 * (1 + ErrorFunction(x / Math.Sqrt(2)));
            var tolerance = 1e-6 * Math.Max(1, Math.Abs(x));
            Math.Abs(scalar[0] - expected).ShouldBeLessThan(tolerance, $"scalar at {x}");
            Math.Abs(machine[7] - expected).ShouldBeLessThan(tolerance, $"machine at {x}");
        }
    }

    [Fact]
    public void Softmax_KnownValues_MatchTheDefinition()
    {
        float[] values = [1f, 2f, 3f];
        VectorMath.Softmax(values);
        values[0].ShouldBe(0.09003057f, 1e-6f);
        values[1].ShouldBe(0.24472847f, 1e-6f);
        values[2].ShouldBe(0.66524096f, 1e-6f);
    }

    [Fact]
    public void LayerNorm_KnownValues_MatchTheDefinition()
    {
        float[] values = [1f, 2f, 3f, 4f];
        VectorMath.LayerNorm(values, [1f, 1f, 2f, 1f], [0f, 0f, 0f, 10f], 1e-12f);
        values[0].ShouldBe(-1.3416408f, 1e-5f);
        values[2].ShouldBe(2 * 0.4472136f, 1e-5f);
        values[3].ShouldBe(11.3416408f, 1e-5f);
    }

    [Fact]
    public void Dot_EmptyVectors_IsZero() => VectorMath.Dot([], []).ShouldBe(0f);

    [Fact]
    public void Dot_DifferentLengths_NamesBoth() =>
        Should.Throw<ArgumentException>(() => VectorMath.Dot(new float[3], new float[4])).Message.ShouldContain("4");

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    public void Softmax_ScaleNotAboveZero_IsRefused(float scale) =>
        Should.Throw<ArgumentOutOfRangeException>(() => VectorMath.Softmax(new float[3], scale));

    [Fact]
    public void NormalizeToUnitLength_AnyVector_HasLengthOne()
    {
        var values = SeededRandom.Floats(1, 387, 50f);
        VectorMath.NormalizeToUnitLength(values);
        VectorMath.DotScalar(values, values).ShouldBe(1f, 1e-5f);
    }

    [Fact]
    public void NormalizeToUnitLength_ZeroVector_StaysZero()
    {
        var values = new float[20];
        VectorMath.NormalizeToUnitLength(values);
        values.ShouldAllBe(value => value == 0);
    }

    /// <summary>erf(x) = 2/√π Σ (-1)^n x^(2n+1) / (n! (2n+1)), which converges for every x.</summary>
    private static double ErrorFunction(double x)
    {
        double sum = 0, power = x;
        for (var n = 0; n < 200; n++)
        {
            sum += power / (2 * n + 1);
            power *= -x * x / (n + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
