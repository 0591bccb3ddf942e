namespace RagPlatform.Metrics.Labels;

/// <summary>How well sets of labels were told, one set per example, either of which may be empty.</summary>
/// <remarks>Source: G. Tsoumakas, I. Katakis, I. Vlahavas, "Mining Multi-label Data", 2010, section 7; the same as scikit-learn's.</remarks>
public static class MultiLabelMetrics
{
    /// <summary>F1 over all labels of all examples together: a frequent label counts for more. 1 where no label is anywhere.</summary>
    public static double MicroF1<TLabel>(IReadOnlyList<IReadOnlySet<TLabel>> expected, IReadOnlyList<IReadOnlySet<TLabel>> predicted)
    {
        LabelMetrics.ThrowUnlessAlike(expected.Count, predicted.Count);
        return expected.Zip(predicted, MatchCounts.Of).Aggregate((left, right) => left + right).F1;
    }

    /// <summary>Mean of F1 over the labels that are expected or predicted anywhere. 1 where no label is anywhere.</summary>
    public static double MacroF1<TLabel>(IReadOnlyList<IReadOnlySet<TLabel>> expected, IReadOnlyList<IReadOnlySet<TLabel>> predicted)
        where TLabel : notnull
    {
        LabelMetrics.ThrowUnlessAlike(expected.Count, predicted.Count);
        var counts = new Dictionary<TLabel, MatchCounts>();
        foreach (var (right, told) in expected.Zip(predicted))
        {
            foreach (var label in right)
            {
                counts[label] = counts.GetValueOrDefault(label) + (told.Contains(label) ? new MatchCounts(1, 0, 0) : new MatchCounts(0, 0, 1));
            }

            foreach (var label in told.Where(label => !right.Contains(label)))
            {
                counts[label] = counts.GetValueOrDefault(label) + new MatchCounts(0, 1, 0);
            }
        }

        return counts.Count == 0 ? 1 : counts.Values.Average(count => count.F1);
    }

    /// <summary>Share of the examples whose set is right as a whole (subset accuracy).</summary>
    public static double ExactMatch<TLabel>(IReadOnlyList<IReadOnlySet<TLabel>> expected, IReadOnlyList<IReadOnlySet<TLabel>> predicted)
    {
        LabelMetrics.ThrowUnlessAlike(expected.Count, predicted.Count);
        return expected.Zip(predicted, (right, told) => right.SetEquals(told) ? 1.0 : 0).Average();
    }
}
