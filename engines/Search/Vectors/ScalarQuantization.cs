namespace RagPlatform.Search.Vectors;

/// <summary>
/// Vectors as signed bytes with a scale per vector: component i is near codes[i] · scale, off by at most scale / 2.
/// A quarter of the memory to read, and dot products of whole numbers.
/// </summary>
internal static class ScalarQuantization
{
    private const float HighestCode = 127;

    // Of the rows that belong to the result, one in three million is further off than that.
    private const float MarginInDeviations = 5;

    /// <summary>Writes the codes and returns the scale; 0 for a vector of zeros. Codes beyond the vector become 0.</summary>
    public static float Encode(ReadOnlySpan<float> vector, Span<sbyte> codes)
    {
        var highest = 0f;
        foreach (var component in vector)
        {
            highest = MathF.Max(highest, MathF.Abs(component));
        }

        codes[vector.Length..].Clear();
        var factor = highest > 0 ? HighestCode / highest : 0;
        if (!float.IsFinite(factor))
        {
            // Denormal numbers: nothing that a scale could hold.
            (factor, highest) = (0, 0);
        }

        for (var i = 0; i < vector.Length; i++)
        {
            codes[i] = (sbyte)MathF.Round(vector[i] * factor);
        }

        return highest / HighestCode;
    }

    /// <summary>
    /// How far a score worked out from codes may be from the true one. Rounding leaves in each component an error that
    /// is spread evenly over the scale, so of variance scale² / 12; over a dot product with the other vector that adds
    /// up to norm² · scale² / 12, from either side.
    /// </summary>
    public static float ScoreMargin(float queryScale, float queryNorm, float maxScale, float maxNorm) =>
        MarginInDeviations * MathF.Sqrt(((queryNorm * queryNorm * maxScale * maxScale) + (maxNorm * maxNorm * queryScale * queryScale)) / 12);
}
