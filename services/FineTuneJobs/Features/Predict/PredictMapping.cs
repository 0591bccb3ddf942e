using RagPlatform.FineTuneJobs.Serving;
using Proto = RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.FineTuneJobs.Features.Predict;

/// <summary>Predictions in the terms of the RPC.</summary>
internal static class PredictMapping
{
    public static Proto.PredictResponse ToResponse(this PredictOutcome outcome) =>
        new() { Adapter = outcome.Adapter, ModelMilliseconds = outcome.ModelMilliseconds, Predictions = { outcome.Predictions.Select(ToTerms) } };

    private static Proto.Prediction ToTerms(ServedPrediction prediction) => new()
    {
        Json = prediction.Json,
        Confidence = prediction.Confidence,
        OutOfScope = prediction.OutOfScope,
        IsOutOfScope = prediction.IsOutOfScope,
        FieldConfidences = { prediction.FieldConfidences.ToDictionary() },
    };
}
