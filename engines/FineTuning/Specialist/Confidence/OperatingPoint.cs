namespace RagPlatform.FineTuning.Specialist;

/// <summary>Above which score a text counts as out of scope, and by which rule that was chosen.</summary>
/// <param name="Threshold">A text whose score is above it is out of scope.</param>
/// <param name="Objective">For people.</param>
/// <param name="Kept">Share of the in-scope texts that it was chosen on which stay in scope.</param>
/// <param name="Found">Share of the out-of-scope texts that it was chosen on which are found; 0 where there were none.</param>
public sealed record OperatingPoint(double Threshold, string Objective, double Kept, double Found)
{
    /// <summary>Of texts that are in scope, where nothing else is known.</summary>
    public const double KeptShare = 0.95;

    /// <summary>
    /// With out-of-scope texts: the threshold of the best mean of both shares (balanced accuracy). Without: the one that keeps 95% of
    /// what is in scope. All scores are of texts that were not trained on.
    /// </summary>
    /// <param name="inScope">Scores, at least one.</param>
    /// <param name="outOfScope">Scores; may be empty.</param>
    public static OperatingPoint Choose(IReadOnlyList<double> inScope, IReadOnlyList<double> outOfScope)
    {
        ArgumentNullException.ThrowIfNull(inScope);
        ArgumentNullException.ThrowIfNull(outOfScope);
        ArgumentOutOfRangeException.ThrowIfZero(inScope.Count, nameof(inScope));
        double[] known = [.. inScope.Order()];
        if (outOfScope.Count == 0)
        {
            var threshold = known[(int)Math.Ceiling(KeptShare * known.Length) - 1];
            return new OperatingPoint(threshold, "keeps 95% of the in-scope validation texts", Below(known, threshold), 0);
        }

        double[] strange = [.. outOfScope.Order()];
        // Between two neighbouring scores every threshold is as good: the middle has most room to both sides.
        double[] all = [.. known.Concat(strange).Distinct().Order()];
        var candidates = all.Zip(all.Skip(1), (low, high) => low + ((high - low) / 2)).Append(all[^1]);
        var best = candidates.MaxBy(candidate => Below(known, candidate) - Below(strange, candidate));
        return new OperatingPoint(best, "best balanced accuracy on the validation texts", Below(known, best), 1 - Below(strange, best));
    }

    /// <summary>Share of sorted scores that are not above.</summary>
    private static double Below(double[] sorted, double threshold)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] <= threshold ? (middle + 1, high) : (low, middle);
        }

        return (double)low / sorted.Length;
    }
}
