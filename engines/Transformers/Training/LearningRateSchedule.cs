namespace RagPlatform.Transformers.Training;

/// <summary>What the learning rate does after the warm-up.</summary>
public enum LearningRateDecay
{
    /// <summary>It stays.</summary>
    None,

    /// <summary>It falls in a straight line, to 0 after the last step.</summary>
    Linear,

    /// <summary>It falls as half a cosine, to 0 after the last step (Loshchilov and Hutter 2017, arXiv:1608.03983, without restarts).</summary>
    Cosine,
}

/// <summary>
/// The learning rate of every step: a straight rise, then the decay. As get_{constant,linear,cosine}_schedule_with_warmup of
/// Hugging Face Transformers, but that the first step of a warm-up has a rate above 0, so that no step is without effect.
/// </summary>
/// <param name="peak">The highest; above 0.</param>
/// <param name="decay">After the warm-up.</param>
/// <param name="warmUpSteps">Before the first with the highest rate; 0 for none.</param>
/// <param name="steps">In all; at least 1.</param>
public sealed class LearningRateSchedule(double peak, LearningRateDecay decay, long warmUpSteps, long steps)
{
    /// <param name="step">From 1.</param>
    public double At(long step)
    {
        var done = step - 1;
        if (done < warmUpSteps)
        {
            return peak * step / (warmUpSteps + 1);
        }

        var progress = Math.Min(1, (double)(done - warmUpSteps) / Math.Max(1, steps - warmUpSteps));
        return decay switch
        {
            LearningRateDecay.None => peak,
            LearningRateDecay.Linear => peak * (1 - progress),
            LearningRateDecay.Cosine => peak * 0.5 * (1 + Math.Cos(Math.PI * progress)),
            _ => throw new ArgumentOutOfRangeException(nameof(step), decay, "It is no kind of decay."),
        };
    }
}
