namespace RagPlatform.FineTuning.Specialist;

/// <summary>Any number of labels of a closed set: each is there or not, by itself; the mean of their binary cross entropies.</summary>
public static class LabelSetLoss
{
    /// <summary>The sum over the rows of the mean over the labels.</summary>
    /// <param name="logits">[rows, labels]; replaced by the gradient of the sum, times the factor.</param>
    /// <param name="rows">The labels of each row, by their places; null where they are not known.</param>
    /// <param name="labels">How many there are.</param>
    /// <param name="factor">Of the gradient.</param>
    public static double ReplaceByGradient(Span<float> logits, IReadOnlyList<IReadOnlySet<int>?> rows, int labels, float factor)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var sum = 0.0;
        for (var row = 0; row < rows.Count; row++)
        {
            var values = logits.Slice(row * labels, labels);
            if (rows[row] is not { } present)
            {
                values.Clear();
                continue;
            }

            for (var label = 0; label < labels; label++)
            {
                var (logit, isPresent) = ((double)values[label], present.Contains(label));
                // ln(1 + e^x) without overflow, minus x where the label is there.
                sum += (Math.Max(logit, 0) + Math.Log(1 + Math.Exp(-Math.Abs(logit))) - (isPresent ? logit : 0)) / labels;
                values[label] = (float)(factor * (Probability(logit) - (isPresent ? 1 : 0)) / labels);
            }
        }

        return sum;
    }

    /// <summary>The logistic function.</summary>
    public static double Probability(double logit) => logit >= 0 ? 1 / (1 + Math.Exp(-logit)) : Math.Exp(logit) / (1 + Math.Exp(logit));
}
