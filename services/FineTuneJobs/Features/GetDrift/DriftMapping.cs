using Proto = RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.FineTuneJobs.Features.GetDrift;

/// <summary>Drift in the terms of the RPC; a measure without a band has the whole range for one.</summary>
internal static class DriftMapping
{
    public static Proto.GetDriftResponse ToResponse(this DriftReport report) => new()
    {
        Alert = report.IsAlert,
        Predictions = report.Predictions,
        Examples = { report.Examples },
        Measures =
        {
            report.Measures.Select(measure => new Proto.DriftMeasure
            {
                Name = measure.Name, Value = measure.Value, Expected = measure.Band?.Expected ?? measure.Value, Low = measure.Band?.Low ?? 0, High = measure.Band?.High ?? 1,
            }),
        },
    };
}
