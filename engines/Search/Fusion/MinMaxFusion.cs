namespace RagPlatform.Search.Fusion;

/// <summary>
/// Convex combination of two score lists, each stretched to 0..1 over the candidates.
/// Source: S. Bruch, S. Gai, A. Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", ACM TOIS 42(1), 2023,
/// which finds it better than reciprocal rank fusion and insensitive to the choice of normalisation.
/// </summary>
public static class MinMaxFusion
{
    /// <summary>fused[i] = weight · n(vector[i]) + (1 - weight) · n(lexical[i]), where n(x) = (x - min) / (max - min).</summary>
    /// <param name="lexical">BM25 of every candidate, 0 where no term matched.</param>
    /// <param name="vector">Cosine of every candidate.</param>
    /// <param name="vectorWeight">0 (lexical alone) to 1 (vectors alone).</param>
    /// <param name="fused">As long as the other two; each result is in 0..1.</param>
    public static void Fuse(ReadOnlySpan<float> lexical, ReadOnlySpan<float> vector, double vectorWeight, Span<double> fused)
    {
        if (lexical.Length != vector.Length || lexical.Length != fused.Length)
        {
            throw new ArgumentException($"Lengths differ: {lexical.Length} lexical, {vector.Length} vector, {fused.Length} fused.", nameof(fused));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(vectorWeight, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vectorWeight, 1);
        var lexicalRange = ScoreRange.Of(lexical);
        var vectorRange = ScoreRange.Of(vector);
        for (var i = 0; i < fused.Length; i++)
        {
            fused[i] = (vectorWeight * vectorRange.Stretch(vector[i])) + ((1 - vectorWeight) * lexicalRange.Stretch(lexical[i]));
        }
    }

    private readonly record struct ScoreRange(float Min, float Max)
    {
        public static ScoreRange Of(ReadOnlySpan<float> scores)
        {
            var range = new ScoreRange(float.PositiveInfinity, float.NegativeInfinity);
            foreach (var score in scores)
            {
                range = new ScoreRange(Math.Min(range.Min, score), Math.Max(range.Max, score));
            }

            return range;
        }

        /// <summary>Where all candidates score the same there is nothing to stretch: a match is 1, none is 0.</summary>
        public double Stretch(float score) => Max > Min ? ((double)score - Min) / ((double)Max - Min) : score > 0 ? 1 : 0;
    }
}
