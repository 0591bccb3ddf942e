namespace RagPlatform.Metrics.Confidence;

/// <summary>How well a score tells two kinds of examples apart, over all thresholds; ties count as what they are. The same as scikit-learn's.</summary>
public static class DetectionMetrics
{
    /// <summary>
    /// Area under the ROC curve: how often a positive example's score is above a negative one's, a tie counting half; 0.5 is
    /// chance.
    /// Source: T. Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters 27, 2006; by ranks (Mann and Whitney 1947).
    /// </summary>
    /// <param name="scores">The higher, the more likely positive; not NaN.</param>
    /// <param name="isPositive">In the same order.</param>
    /// <exception cref="ArgumentException">The lengths differ, or one kind has no example, or a score is NaN.</exception>
    public static double AreaUnderRoc(IReadOnlyList<double> scores, IReadOnlyList<bool> isPositive)
    {
        var (right, positives, negatives) = (0.0, 0L, 0L);
        foreach (var (positive, negative) in Levels(scores, isPositive))
        {
            right += (positives + (positive / 2.0)) * negative;
            positives += positive;
            negatives += negative;
        }

        return positives > 0 && negatives > 0
            ? right / positives / negatives
            : throw new ArgumentException($"There are {positives} positive and {negatives} negative examples; at least one of each is needed.", nameof(isPositive));
    }

    /// <summary>
    /// Average precision, Σ (recall − recall before) · precision over falling thresholds, without interpolation; the share of
    /// positives is chance.
    /// Source: M. Zhu, "Recall, precision and average precision", 2004.
    /// </summary>
    /// <param name="scores">The higher, the more likely positive; not NaN.</param>
    /// <param name="isPositive">In the same order.</param>
    /// <exception cref="ArgumentException">The lengths differ, or no example is positive, or a score is NaN.</exception>
    public static double AveragePrecision(IReadOnlyList<double> scores, IReadOnlyList<bool> isPositive)
    {
        var (sum, positives, all) = (0.0, 0L, 0L);
        foreach (var (positive, negative) in Levels(scores, isPositive))
        {
            positives += positive;
            all += positive + negative;
            sum += (double)positive * positives / all;
        }

        return positives > 0 ? sum / positives : throw new ArgumentException("No example is positive; at least one is needed.", nameof(isPositive));
    }

    /// <summary>Positive and negative examples of each score, the highest score first.</summary>
    private static IEnumerable<(int Positive, int Negative)> Levels(IReadOnlyList<double> scores, IReadOnlyList<bool> isPositive)
    {
        Labels.LabelMetrics.ThrowUnlessAlike(scores.Count, isPositive.Count);
        if (scores.Any(double.IsNaN))
        {
            throw new ArgumentException("A score is NaN.", nameof(scores));
        }

        return scores.Zip(isPositive, (score, positive) => (score, positive))
            .GroupBy(example => example.score)
            .OrderByDescending(level => level.Key)
            .Select(level => (level.Count(example => example.positive), level.Count(example => !example.positive)));
    }
}
