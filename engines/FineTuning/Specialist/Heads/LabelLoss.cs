using RagPlatform.Numerics;
using RagPlatform.Numerics.Gradients;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>One label of a closed set: the cross entropy of softmax, its label smoothed, each label with a weight of its own.</summary>
/// <param name="smoothing">From 0 to below 1 (Szegedy et al. 2015, arXiv:1512.00567).</param>
/// <param name="labelWeights">By label; empty for none. Their mean over the examples should be about 1.</param>
public sealed class LabelLoss(float smoothing, IReadOnlyList<float> labelWeights)
{
    /// <summary>Of a text that is none of the labels': all are wanted alike (outlier exposure; Hendrycks et al. 2019, arXiv:1812.04606).</summary>
    public const int OutOfScope = -2;

    /// <summary>Of a text that has no label.</summary>
    public const int Unknown = -1;

    /// <summary>Of a text whose label is none of those in training: it is not learnt, and no answer to it is right.</summary>
    public const int Unseen = -3;

    /// <summary>The sum over the rows; rows without a label that is known have none.</summary>
    /// <param name="logits">[rows, labels]; replaced by the gradient of the sum, times the factor.</param>
    /// <param name="labels">Of each row.</param>
    /// <param name="factor">Of the gradient.</param>
    public double ReplaceByGradient(Span<float> logits, ReadOnlySpan<int> labels, float factor)
    {
        var (count, sum) = (logits.Length / Math.Max(1, labels.Length), 0.0);
        for (var row = 0; row < labels.Length; row++)
        {
            var values = logits.Slice(row * count, count);
            if (labels[row] is Unknown or Unseen)
            {
                values.Clear();
                continue;
            }

            if (labels[row] == OutOfScope)
            {
                sum += AllAlike(values, factor);
                continue;
            }

            var weight = labelWeights.Count > 0 ? labelWeights[labels[row]] : 1;
            sum += weight * CrossEntropy.ReplaceByGradient(values, labels[row], smoothing, factor * weight);
        }

        return sum;
    }

    /// <summary>The cross entropy with the uniform distribution, over what it is at least, ln of the number of labels.</summary>
    private static double AllAlike(Span<float> logits, float factor)
    {
        var mean = 0.0;
        foreach (var logit in logits)
        {
            mean += (double)logit / logits.Length;
        }

        var highest = VectorMath.Highest(logits);
        var sum = VectorMath.Exponentials(logits, highest, 1);
        VectorMath.Scale(logits, factor / sum);
        foreach (ref var gradient in logits)
        {
            gradient -= factor / logits.Length;
        }

        return highest + Math.Log(sum) - mean - Math.Log(logits.Length);
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
