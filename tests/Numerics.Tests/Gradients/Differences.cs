namespace RagPlatform.Numerics.Tests.Gradients;

/// <summary>Gradients by central differences, in fp64.</summary>
internal static class Differences
{
    private const double Step = 1e-5;

    /// <summary>The slope of the function's value with each of the values, which are left as they were.</summary>
    public static double[] Of(float[] values, Func<double[], double> function)
    {
        var at = Array.ConvertAll(values, value => (double)value);
        var slopes = new double[at.Length];
        for (var i = 0; i < at.Length; i++)
        {
            var value = at[i];
            at[i] = value + Step;
            var above = function(at);
            at[i] = value - Step;
            slopes[i] = (above - function(at)) / (2 * Step);
            at[i] = value;
        }
        return slopes;
    }

    public static void ShouldBeNear(float[] actual, double[] expected, double tolerance, string what)
    {
        actual.Length.ShouldBe(expected.Length, what);
        for (var i = 0; i < actual.Length; i++)
        {
            ((double)actual[i]).ShouldBe(expected[i], tolerance * (1 + Math.Abs(expected[i])), $"{what} [{i}]");
        }
    }

    /// <summary>Σ weights·values: a loss whose gradient by the values is the weights.</summary>
    public static double Weigh(IEnumerable<double> values, float[] weights) => values.Zip(weights, (value, weight) => value * weight).Sum();
}
