using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Adapters.Gates;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuneJobs.Features.EvaluateAdapter;

/// <summary>Judges an adapter again: by its job's held-out part and the gate as it is now.</summary>
internal sealed class EvaluateAdapterHandler(AdapterCatalog catalog, AdapterRegistry registry)
{
    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument, NotFound.</exception>
    public async Task<(IReadOnlyList<EvaluationRow> Rows, GateReport Gate)> EvaluateAsync(Actor actor, string reference, CancellationToken cancellationToken)
    {
        var adapter = catalog.Get(actor.Tenant, reference, "id");
        var judged = await registry.JudgeAsync(actor, adapter.Id, evidence: null, cancellationToken);
        return (judged.Rows, judged.Gate!);
    }
}
