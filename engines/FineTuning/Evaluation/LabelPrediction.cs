namespace RagPlatform.FineTuning.Evaluation;

/// <param name="Label">From 0.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="OutOfScope">The higher, the less like what was learnt; of any scale.</param>
public readonly record struct LabelPrediction(int Label, double Confidence, double OutOfScope);
