namespace RagPlatform.Metrics.Labels;

/// <summary>What was found rightly, found wrongly, and missed.</summary>
/// <param name="Right">Expected and predicted (true positives).</param>
/// <param name="Wrong">Predicted, not expected (false positives).</param>
/// <param name="Missed">Expected, not predicted (false negatives).</param>
public readonly record struct MatchCounts(long Right, long Wrong, long Missed)
{
    /// <summary>Of what was predicted, the share that is right; 0 where nothing was.</summary>
    public double Precision => Right + Wrong == 0 ? 0 : (double)Right / (Right + Wrong);

    /// <summary>Of what was expected, the share that was found; 0 where nothing was.</summary>
    public double Recall => Right + Missed == 0 ? 0 : (double)Right / (Right + Missed);

    /// <summary>Harmonic mean of precision and recall; 1 where nothing was expected nor predicted.</summary>
    public double F1 => Right + Wrong + Missed == 0 ? 1 : 2.0 * Right / ((2 * Right) + Wrong + Missed);

    /// <summary>Counts of two sets, each of which has a value once at most.</summary>
    public static MatchCounts Of<TValue>(IReadOnlySet<TValue> expected, IReadOnlySet<TValue> predicted)
    {
        var right = expected.Count(predicted.Contains);
        return new MatchCounts(right, predicted.Count - right, expected.Count - right);
    }

    public static MatchCounts operator +(MatchCounts left, MatchCounts right) => left.Add(right);

    public MatchCounts Add(MatchCounts other) => new(Right + other.Right, Wrong + other.Wrong, Missed + other.Missed);
}
