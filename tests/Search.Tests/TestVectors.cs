namespace RagPlatform.Search.Tests;

internal static class TestVectors
{
    /// <summary>Unit length.</summary>
    public static float[] Random(Random random, int dimension)
    {
        var vector = Enumerable.Range(0, dimension).Select(_ => (float)((random.NextDouble() * 2) - 1)).ToArray();
        return Normalized(vector);
    }

    public static float[][] RandomRows(Random random, int count, int dimension) =>
        Enumerable.Range(0, count).Select(_ => Random(random, dimension)).ToArray();

    /// <summary>Unit length; around as many centres as there are clusters, the same for every call with a random of any seed.</summary>
    public static float[][] Clustered(Random random, int count, int dimension, int clusters)
    {
        var centers = RandomRows(new Random(99), clusters, dimension);
        return Enumerable.Range(0, count).Select(_ => Near(random, centers[random.Next(clusters)], 0.7f)).ToArray();
    }

    /// <summary>Unit length.</summary>
    public static IEnumerable<float[]> Around(Random random, float[] center, int count, float radius) =>
        Enumerable.Range(0, count).Select(_ => Near(random, center, radius));

    public static double Dot(float[] left, float[] right) => left.Zip(right, (x, y) => (double)x * y).Sum();

    private static float[] Near(Random random, float[] center, float radius) =>
        Normalized(center.Zip(Random(random, center.Length), (x, y) => x + (radius * y)).ToArray());

    private static float[] Normalized(float[] vector)
    {
        var length = MathF.Sqrt(vector.Sum(x => x * x));
        return Array.ConvertAll(vector, x => x / length);
    }
}
