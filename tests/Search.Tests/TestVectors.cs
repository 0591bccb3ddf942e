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
        return Enumerable.Range(0, count).Select(_ =>
        {
            var (center, noise) = (centers[random.Next(clusters)], Random(random, dimension));
            return Normalized(center.Zip(noise, (x, y) => x + (0.7f * y)).ToArray());
        }).ToArray();
    }

    public static double Dot(float[] left, float[] right) => left.Zip(right, (x, y) => (double)x * y).Sum();

    private static float[] Normalized(float[] vector)
    {
        var length = MathF.Sqrt(vector.Sum(x => x * x));
        return Array.ConvertAll(vector, x => x / length);
    }
}
