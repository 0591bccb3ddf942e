using System.Globalization;

namespace RagPlatform.FineTuning.Trainers.Estimates;

/// <summary>What a job will cost, before it runs.</summary>
/// <param name="Time">On this machine, if nothing stops it early.</param>
/// <param name="Tokens">Read in training, all epochs.</param>
/// <param name="MemoryBytes">At once.</param>
/// <param name="EnergyWattHours">The power given, over the time.</param>
/// <param name="Basis">What the estimate rests on.</param>
public sealed record JobEstimate(TimeSpan Time, long Tokens, double MemoryBytes, double EnergyWattHours, string Basis)
{
    private static readonly TimeSpan Loading = TimeSpan.FromSeconds(2);

    /// <param name="work">The job.</param>
    /// <param name="speed">Of this machine.</param>
    /// <param name="watts">That the machine draws in training; above 0.</param>
    public static JobEstimate Of(TrainingWork work, TrainingSpeed speed, double watts)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(watts);
        var seconds = Math.Min(
            TimeSpan.MaxValue.TotalSeconds / 2,
            (work.TrainingTokens / speed.TrainingTokensPerSecond) + (work.EvaluationTokens / speed.EvaluationTokensPerSecond));
        var time = Loading + TimeSpan.FromSeconds(seconds);
        return new JobEstimate(
            time,
            work.TrainingTokens,
            work.MemoryBytes,
            watts * time.TotalHours,
            string.Create(CultureInfo.InvariantCulture, $"{work.TrainingTokens} tokens to train on and {work.EvaluationTokens} to judge by; {speed.Basis}; {watts:0.#} W. Early stopping may end it sooner."));
    }
}
