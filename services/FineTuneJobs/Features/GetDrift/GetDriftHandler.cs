using Microsoft.Extensions.Options;
using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Serving.Drift;

namespace RagPlatform.FineTuneJobs.Features.GetDrift;

/// <summary>Whether what an adapter is asked of late still looks like its held-out part.</summary>
internal sealed class GetDriftHandler(AdapterCatalog catalog, DriftRecorder recorder, DriftDatabase database, IOptions<DriftOptions> options)
{
    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument, NotFound, FailedPrecondition.</exception>
    public async Task<DriftReport> GetAsync(string tenant, string reference, CancellationToken cancellationToken)
    {
        var adapter = catalog.Get(tenant, reference, "adapter");
        await recorder.FlushAsync(cancellationToken);
        var window = database.Read(adapter.Id);
        var (held, predictions) = (adapter.Evidence?.HeldOut, Math.Max(1, window.Predictions));
        List<DriftMeasure> measures =
        [
            new("mean_confidence", window.MeanConfidence, DriftBand.OfConfidence(held, predictions)),
            new("out_of_scope_rate", window.OutOfScopeRate, DriftBand.OfOutOfScope(held, predictions)),
        ];
        var isAlert = window.Predictions >= options.Value.MinPredictions && measures.Exists(measure => measure.Band is { } band && !band.Holds(measure.Value));
        return new DriftReport(isAlert, measures, window.Texts, window.Predictions);
    }
}

/// <param name="IsAlert">There are predictions enough, and a measure has left its band.</param>
/// <param name="Measures">Of the window.</param>
/// <param name="Examples">To label, the least sure first.</param>
/// <param name="Predictions">In the window.</param>
internal sealed record DriftReport(bool IsAlert, IReadOnlyList<DriftMeasure> Measures, IReadOnlyList<string> Examples, int Predictions);

/// <param name="Name">mean_confidence or out_of_scope_rate.</param>
/// <param name="Value">Of the window.</param>
/// <param name="Band">Null where the held-out part is too small to tell.</param>
internal sealed record DriftMeasure(string Name, double Value, DriftBand? Band);
