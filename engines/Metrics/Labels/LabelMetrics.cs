namespace RagPlatform.Metrics.Labels;

/// <summary>How well single labels were told. Labels are any equatable values; expected and predicted are of the same examples in the same order.</summary>
/// <remarks>Source: C. Manning, P. Raghavan, H. Schütze, "Introduction to Information Retrieval", 2008, section 13.6; the same as scikit-learn's.</remarks>
public static class LabelMetrics
{
    /// <summary>Share of the examples whose label is right; of single labels this is micro-F1 too.</summary>
    /// <exception cref="ArgumentException">The numbers of examples differ, or there are none; likewise of the others.</exception>
    public static double Accuracy<TLabel>(IReadOnlyList<TLabel> expected, IReadOnlyList<TLabel> predicted)
        where TLabel : notnull
    {
        ThrowUnlessAlike(expected.Count, predicted.Count);
        return (double)Enumerable.Range(0, expected.Count).Count(i => expected[i].Equals(predicted[i])) / expected.Count;
    }

    /// <summary>Mean of F1 over the labels that are expected or predicted anywhere: rare ones count as much as frequent ones.</summary>
    public static double MacroF1<TLabel>(IReadOnlyList<TLabel> expected, IReadOnlyList<TLabel> predicted)
        where TLabel : notnull
    {
        ThrowUnlessAlike(expected.Count, predicted.Count);
        var counts = new Dictionary<TLabel, MatchCounts>();
        for (var i = 0; i < expected.Count; i++)
        {
            var (right, wrong) = (expected[i], predicted[i]);
            if (right.Equals(wrong))
            {
                counts[right] = counts.GetValueOrDefault(right) + new MatchCounts(1, 0, 0);
                continue;
            }

            counts[right] = counts.GetValueOrDefault(right) + new MatchCounts(0, 0, 1);
            counts[wrong] = counts.GetValueOrDefault(wrong) + new MatchCounts(0, 1, 0);
        }

        return counts.Values.Average(count => count.F1);
    }

    /// <summary>What was taken for what, the most frequent first; right ones are left out. Ties are in order of first appearance.</summary>
    /// <param name="expected">Of every example.</param>
    /// <param name="predicted">Of every example.</param>
    /// <param name="limit">At most so many; at least 1.</param>
    public static IReadOnlyList<Confusion<TLabel>> Confusions<TLabel>(IReadOnlyList<TLabel> expected, IReadOnlyList<TLabel> predicted, int limit)
        where TLabel : notnull
    {
        ThrowUnlessAlike(expected.Count, predicted.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return
        [
            .. Enumerable.Range(0, expected.Count)
                .Where(i => !expected[i].Equals(predicted[i]))
                .GroupBy(i => (expected[i], predicted[i]))
                .Select(group => new Confusion<TLabel>(group.Key.Item1, group.Key.Item2, group.Count()))
                .OrderByDescending(confusion => confusion.Count)
                .Take(limit),
        ];
    }

    internal static void ThrowUnlessAlike(int expected, int predicted)
    {
        if (expected != predicted || expected == 0)
        {
            throw new ArgumentException($"There are {expected} expected and {predicted} predicted values; they must be of the same examples, at least one.", nameof(predicted));
        }
    }
}

/// <param name="Expected">What it is.</param>
/// <param name="Predicted">What it was taken for.</param>
/// <param name="Count">How often.</param>
public readonly record struct Confusion<TLabel>(TLabel Expected, TLabel Predicted, int Count);
