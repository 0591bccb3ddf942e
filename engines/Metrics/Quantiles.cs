namespace RagPlatform.Metrics;

public static class Quantiles
{
    /// <summary>
    /// The value below which a share of the values lies, between two neighbours linearly interpolated.
    /// Source: R. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages", 1996, type 7 (as in R and NumPy).
    /// </summary>
    /// <param name="sorted">Ascending, at least one.</param>
    /// <param name="share">0 (the least) to 1 (the greatest).</param>
    public static double Of(ReadOnlySpan<double> sorted, double share)
    {
        if (sorted.IsEmpty)
        {
            throw new ArgumentException("There are no values; at least one is needed.", nameof(sorted));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(share, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
