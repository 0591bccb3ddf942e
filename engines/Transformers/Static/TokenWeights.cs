namespace RagPlatform.Transformers.Static;

/// <summary>What one occurrence of a token counts for: a / (a + its share of all tokens), a = 0.001 (Arora, Liang and Ma, ICLR 2017, "SIF").</summary>
internal static class TokenWeights
{
    private const double A = 1e-3;

    /// <summary>For a token that the sample does not have.</summary>
    private const double UnseenCount = 0.5;

    /// <param name="texts">Token ids of each text of the sample.</param>
    /// <param name="tokens">In the vocabulary.</param>
    /// <returns>By id, 0 to 1.</returns>
    public static float[] Of(IReadOnlyList<int[]> texts, int tokens)
    {
        var counts = new long[tokens];
        foreach (var id in texts.SelectMany(ids => ids))
        {
            counts[id]++;
        }

        var total = (double)counts.Sum();
        return [.. counts.Select(count => (float)(A / (A + (Math.Max(count, UnseenCount) / total))))];
    }
}
