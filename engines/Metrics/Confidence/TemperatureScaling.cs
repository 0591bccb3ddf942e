namespace RagPlatform.Metrics.Confidence;

/// <summary>
/// Makes confidences honest without changing any label: logits are divided by one temperature, chosen for the least negative
/// log-likelihood on examples that were not trained on.
/// Source: C. Guo, G. Pleiss, Y. Sun, K. Weinberger, "On Calibration of Modern Neural Networks", ICML 2017, section 4.2.
/// </summary>
public static class TemperatureScaling
{
    /// <summary>Found temperatures are from 1 / this to this: where all labels are right, ever sharper would be ever better.</summary>
    public const double MaxTemperature = 100;

    private const int Halvings = 60;

    /// <summary>The temperature; 1 leaves logits as they are, above 1 makes them less sure.</summary>
    /// <param name="logits">By example, one per class; finite.</param>
    /// <param name="labels">By example, the right class, from 0.</param>
    /// <exception cref="ArgumentException">The numbers of examples differ, or there are none, or a label is no class.</exception>
    public static double Fit(IReadOnlyList<float[]> logits, IReadOnlyList<int> labels)
    {
        Labels.LabelMetrics.ThrowUnlessAlike(logits.Count, labels.Count);
        for (var i = 0; i < labels.Count; i++)
        {
            if ((uint)labels[i] >= (uint)logits[i].Length)
            {
                throw new ArgumentException($"The label of example {i} is {labels[i]}; there are {logits[i].Length} classes.", nameof(labels));
            }
        }

        if (Slope(logits, labels, inverse: 1) == 0)
        {
            return 1;
        }

        // The likelihood is convex in the inverse temperature, so its slope changes sign once; halved by logarithm.
        var (low, high) = (-Math.Log(MaxTemperature), Math.Log(MaxTemperature));
        for (var halving = 0; halving < Halvings; halving++)
        {
            var middle = (low + high) / 2;
            if (Slope(logits, labels, Math.Exp(middle)) > 0)
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        return Math.Exp(-(low + high) / 2);
    }

    /// <summary>Of the negative log-likelihood by the inverse temperature: Σ E[logit] − logit of the label.</summary>
    private static double Slope(IReadOnlyList<float[]> logits, IReadOnlyList<int> labels, double inverse)
    {
        var slope = 0.0;
        for (var i = 0; i < logits.Count; i++)
        {
            var highest = logits[i].Max();
            var (mass, mean) = (0.0, 0.0);
            foreach (var logit in logits[i])
            {
                var weight = Math.Exp(inverse * (logit - highest));
                mass += weight;
                mean += weight * logit;
            }

            slope += (mean / mass) - logits[i][labels[i]];
        }

        return slope;
    }
}
