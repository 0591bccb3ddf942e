namespace RagPlatform.FineTuning.Specialist;

/// <summary>
/// How unlike the training texts a text is: the free energy of its logits, −T·ln Σ e^(logit/T) (Liu et al. 2020, "Energy-based
/// Out-of-distribution Detection", arXiv:2010.03759). The higher, the stranger; unlike the largest probability it does not
/// forget how large the logits are.
/// </summary>
public static class EnergyScore
{
    /// <param name="logits">Of one text, at least one.</param>
    /// <param name="temperature">Above 0.</param>
    public static double Of(ReadOnlySpan<float> logits, double temperature = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        double highest = float.NegativeInfinity, sum = 0;
        foreach (var logit in logits)
        {
            highest = Math.Max(highest, logit);
        }

        foreach (var logit in logits)
        {
            sum += Math.Exp((logit - highest) / temperature);
        }

        return -highest - (temperature * Math.Log(sum));
    }
}
