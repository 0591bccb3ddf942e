namespace RagPlatform.Numerics.Tests;

internal static class SeededRandom
{
    /// <summary>Numbers from -range to range.</summary>
    public static float[] Floats(int seed, int count, float range = 1f)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2 - 1) * range)];
    }
}
