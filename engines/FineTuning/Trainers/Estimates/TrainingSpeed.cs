using System.Globalization;

namespace RagPlatform.FineTuning.Trainers.Estimates;

/// <summary>How many tokens a second training will get through, and how that is known.</summary>
/// <param name="TrainingTokensPerSecond">Above 0.</param>
/// <param name="EvaluationTokensPerSecond">Above 0.</param>
/// <param name="Basis">For people: what was measured and what assumed.</param>
public sealed record TrainingSpeed(double TrainingTokensPerSecond, double EvaluationTokensPerSecond, string Basis)
{
    /// <summary>
    /// Of the rate of plain matrix products, what training reaches. Measured with all-MiniLM-L6-v2 on two cores with AVX-512,
    /// by processor time: 0.82 (all weights) and 0.74 (rank 8) in batches of 32 texts of 64 tokens, 0.69 and 0.63 of 13 tokens.
    /// </summary>
    public const double ShareOfProducts = 0.7;

    /// <summary>That the work takes, if nothing stops it early.</summary>
    public double SecondsOf(TrainingWork work) => (work.TrainingTokens / TrainingTokensPerSecond) + (work.EvaluationTokens / EvaluationTokensPerSecond);

    /// <summary>From a calibration of this machine, a fraction of a second long.</summary>
    /// <param name="work">The job.</param>
    /// <param name="operationsPerSecond">From <see cref="MatrixSpeed.Measure"/> with as many threads as the job will have.</param>
    public static TrainingSpeed OfMachine(TrainingWork work, double operationsPerSecond)
    {
        var rate = ShareOfProducts * operationsPerSecond;
        return new TrainingSpeed(
            rate / work.OperationsPerTrainingToken,
            rate / work.OperationsPerEvaluationToken,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{work.OperationsPerTrainingToken / 1e6:F0} million operations a token, at {ShareOfProducts:P0} of the {operationsPerSecond / 1e9:F0} billion a second that this machine's matrix products just made"));
    }
}
