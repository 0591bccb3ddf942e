using RagPlatform.Numerics.Gradients;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>One label of a closed set: the cross entropy of softmax, its label smoothed, each label with a weight of its own.</summary>
/// <param name="smoothing">From 0 to below 1 (Szegedy et al. 2015, arXiv:1512.00567).</param>
/// <param name="labelWeights">By label; empty for none. Their mean over the examples should be about 1.</param>
public sealed class LabelLoss(float smoothing, IReadOnlyList<float> labelWeights)
{
    /// <summary>The sum over the rows; rows without a label have none.</summary>
    /// <param name="logits">[rows, labels]; replaced by the gradient of the sum, times the factor.</param>
    /// <param name="labels">Of each row; -1 for none.</param>
    /// <param name="factor">Of the gradient.</param>
    public double ReplaceByGradient(Span<float> logits, ReadOnlySpan<int> labels, float factor)
    {
        var (count, sum) = (logits.Length / Math.Max(1, labels.Length), 0.0);
        for (var row = 0; row < labels.Length; row++)
        {
            var values = logits.Slice(row * count, count);
            if (labels[row] < 0)
            {
                values.Clear();
                continue;
            }

            var weight = labelWeights.Count > 0 ? labelWeights[labels[row]] : 1;
            sum += weight * CrossEntropy.ReplaceByGradient(values, labels[row], smoothing, factor * weight);
        }

        return sum;
    }

    /// <summary>
    /// A rare label's weight is larger, a frequent one's smaller, by the square root of their frequencies' ratio: halfway
    /// between no weights and those that make all labels equal, which let a handful of examples rule. Their mean over the examples is 1.
    /// </summary>
    /// <param name="counts">Examples of each label; those without any get the weight 1.</param>
    public static float[] BalancedWeights(IReadOnlyList<int> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var raw = counts.Select(count => count == 0 ? 0 : 1 / Math.Sqrt(count)).ToArray();
        var mean = counts.Zip(raw, (count, weight) => count * weight).Sum() / Math.Max(1, counts.Sum());
        return [.. raw.Select(weight => weight == 0 ? 1 : (float)(weight / mean))];
    }
}
