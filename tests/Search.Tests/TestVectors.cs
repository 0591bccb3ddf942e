namespace RagPlatform.Search.Tests;

internal static class TestVectors
{
    /// <summary>Unit length.</summary>
    public static float[] Random(Random random, int dimension)
    {
        var vector = Enumerable.Range(0, dimension).Select(_ => (float)((random.NextDouble() * 2) - 1)).ToArray();
        var length = MathF.Sqrt(vector.Sum(x => x * x));
        return Array.ConvertAll(vector, x => x / length);
    }

    public static float[][] RandomRows(Random random, int count, int dimension) =>
        Enumerable.Range(0, count).Select(_ => Random(random, dimension)).ToArray();

    public static double Dot(float[] left, float[] right) => left.Zip(right, (x, y) => (double)x * y).Sum();
}
