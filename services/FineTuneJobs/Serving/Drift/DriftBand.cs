using RagPlatform.FineTuneJobs.Adapters.Gates;

namespace RagPlatform.FineTuneJobs.Serving.Drift;

/// <summary>
/// Where a measure of n served predictions lies if nothing has changed since the m of the held-out part: the difference of
/// two sample means, 99.9% two-sided by the normal approximation, both samples' errors counted. A rate's variance is that
/// of a binomial with Laplace's estimate (k + 1) / (m + 2), so that none seen is not taken for impossible, with a
/// continuity correction of half a prediction.
/// </summary>
/// <param name="Expected">On the held-out part.</param>
/// <param name="Low">At least 0.</param>
/// <param name="High">At most 1.</param>
internal sealed record DriftBand(double Expected, double Low, double High)
{
    private const double Deviations = 3.2905;

    /// <summary>Of confidence: less of a change says nothing, even where the held-out part had no spread at all.</summary>
    private const double MinWidth = 0.005;

    /// <summary>A held-out part smaller than this says too little.</summary>
    public const int MinReference = 20;

    /// <param name="value">Of the window.</param>
    public bool Holds(double value) => value >= Low && value <= High;

    /// <summary>Null where the held-out part is too small.</summary>
    /// <param name="reference">Of the held-out part.</param>
    /// <param name="predictions">In the window; at least 1.</param>
    public static DriftBand? OfConfidence(ServedReference? reference, int predictions) =>
        reference is not { Predictions: >= MinReference } ? null
            : Around(reference.MeanConfidence, MinWidth + (Deviations * reference.ConfidenceDeviation * Math.Sqrt(Parts(reference, predictions))));

    /// <inheritdoc cref="OfConfidence"/>
    public static DriftBand? OfOutOfScope(ServedReference? reference, int predictions)
    {
        if (reference is not { Predictions: >= MinReference })
        {
            return null;
        }

        var rate = (reference.OutOfScope + 1.0) / (reference.Predictions + 2);
        return Around(
            (double)reference.OutOfScope / reference.Predictions, (Deviations * Math.Sqrt(rate * (1 - rate) * Parts(reference, predictions))) + (0.5 / predictions));
    }

    private static double Parts(ServedReference reference, int predictions) => (1.0 / predictions) + (1.0 / reference.Predictions);

    private static DriftBand Around(double expected, double width) => new(expected, Math.Max(0, expected - width), Math.Min(1, expected + width));
}
