namespace RagPlatform.Numerics.Gradients;

/// <summary>
/// Cross entropy of one row of logits with its label, which may be smoothed: a share of the probability is then wanted equally of
/// all classes (Szegedy et al. 2015, arXiv:1512.00567; as PyTorch has it).
/// </summary>
public static class CrossEntropy
{
    /// <summary>The loss, −ln of the label's probability.</summary>
    /// <param name="logits">Overwritten with e^(logit − the largest).</param>
    /// <param name="label">Below the number of logits.</param>
    public static double Loss(Span<float> logits, int label)
    {
        var (wanted, highest) = (logits[label], VectorMath.Highest(logits));
        return highest + Math.Log(VectorMath.Exponentials(logits, highest, 1)) - wanted;
    }

    /// <summary>Replaces the logits by the loss's gradient with them, times a factor, and returns the loss.</summary>
    /// <param name="logits">Of one row; not empty.</param>
    /// <param name="label">Below the number of logits.</param>
    /// <param name="smoothing">From 0 to below 1.</param>
    /// <param name="factor">Of the gradient; the loss is without it.</param>
    public static double ReplaceByGradient(Span<float> logits, int label, float smoothing, float factor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(smoothing);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(smoothing, 1);
        var mean = smoothing > 0 ? Mean(logits) : 0;
        var (wanted, highest) = (logits[label], VectorMath.Highest(logits));
        var sum = VectorMath.Exponentials(logits, highest, 1);
        VectorMath.Scale(logits, factor / sum);
        if (smoothing > 0)
        {
            var share = factor * smoothing / logits.Length;
            foreach (ref var gradient in logits)
            {
                gradient -= share;
            }
        }
        logits[label] -= factor * (1 - smoothing);
        return highest + Math.Log(sum) - (1 - smoothing) * wanted - smoothing * mean;
    }

    private static double Mean(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }
        return sum / values.Length;
    }
}
