namespace RagPlatform.Search.Fusion;

/// <summary>
/// Stretches an arm's scores to 0..1: n(x) = (x - min) / (max - min).
/// Source: S. Bruch, S. Gai, A. Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", ACM TOIS 42(1), 2023,
/// which finds a weighted sum of such scores better than reciprocal rank fusion and insensitive to the normalisation.
/// </summary>
internal readonly record struct ScoreRange(float Min, float Max)
{
    public static readonly ScoreRange Empty = new(float.PositiveInfinity, float.NegativeInfinity);

    public ScoreRange With(float score) => float.IsNaN(score) ? this : new(Math.Min(Min, score), Math.Max(Max, score));

    /// <summary>An unknown score is 0. Where all score the same there is nothing to stretch: a match is 1, none is 0.</summary>
    public double Stretch(float score) =>
        float.IsNaN(score) ? 0
        : Max > Min ? ((double)score - Min) / ((double)Max - Min)
        : score > 0 ? 1 : 0;
}
