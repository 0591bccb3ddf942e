namespace RagPlatform.FineTuneJobs.Adapters.Gates;

/// <summary>What the gate says of an adapter.</summary>
/// <param name="Checks">All that apply to its method.</param>
public sealed record GateReport(IReadOnlyList<GateCheck> Checks)
{
    public bool Passed => Checks.All(check => check.Passed);
}

/// <param name="Name">Of the limit where there is one, such as min_macro_f1; else smoke_prediction or leakage.</param>
/// <param name="Passed">The value keeps the limit.</param>
/// <param name="Value">Measured; 0 where it could not be.</param>
/// <param name="Limit">Of the project.</param>
/// <param name="Explanation">One sentence for people.</param>
public sealed record GateCheck(string Name, bool Passed, double Value, double Limit, string Explanation);

/// <summary>What the platform found out itself about an adapter, beside its trainer's rows.</summary>
/// <param name="HeldOutExamples">In the held-out part; 0 where there was none.</param>
/// <param name="LeakedExamples">Of them those that, whole or nearly, are in the training part.</param>
/// <param name="SmokeProblem">Why a prediction with its files failed; null where it worked, and where its method makes none here.</param>
/// <param name="ProbeRefused">Share of the probe texts, which belong to no task, that it takes for out of scope or refuses; null where it was not asked.</param>
/// <param name="BaseProbeRefused">The same of the base without the adapter; null where it answers nothing by itself.</param>
/// <param name="HeldOut">Of its answers on the held-out part; null where it gave none.</param>
public sealed record GateEvidence(int HeldOutExamples, int LeakedExamples, string? SmokeProblem, double? ProbeRefused, double? BaseProbeRefused, ServedReference? HeldOut);

/// <summary>How an adapter answered on its held-out part, as served: what drift is measured against.</summary>
/// <param name="Predictions">Number of them.</param>
/// <param name="MeanConfidence">0 to 1.</param>
/// <param name="ConfidenceDeviation">Standard deviation of one prediction's confidence.</param>
/// <param name="OutOfScope">Of the predictions.</param>
public sealed record ServedReference(int Predictions, double MeanConfidence, double ConfidenceDeviation, int OutOfScope);
