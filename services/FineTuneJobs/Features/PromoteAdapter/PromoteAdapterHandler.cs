using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Serving;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.FineTuneJobs.Features.PromoteAdapter;

/// <summary>
/// Lets an adapter serve its name. It is in memory, or in the models directory, before the name is switched: the first
/// request after it waits for nothing, those under way end with the former one, and none fails.
/// </summary>
internal sealed class PromoteAdapterHandler(AdapterCatalog catalog, AdapterTransitions transitions, AdapterReadiness readiness, PublishedModels published)
{
    /// <exception cref="Grpc.Errors.ServiceException">NotFound; FailedPrecondition: not passed, retired, or its files are broken.</exception>
    public async Task<(Adapter Adapter, string Replaced)> PromoteAsync(Actor actor, string reference, CancellationToken cancellationToken)
    {
        AdapterErrors.CheckReason(actor.Reason);
        var adapter = catalog.Get(actor.Tenant, reference, "id");
        AdapterTransitions.CheckServes(adapter);
        using var ready = await readiness.PrepareAsync(adapter, cancellationToken);
        try
        {
            return await transitions.PromoteAsync(actor, adapter.Id, cancellationToken);
        }
        catch (ServiceException failure) when (failure.Kind is FailureKind.NotFound)
        {
            // It was deleted meanwhile, perhaps before it was published.
            published.Remove(adapter);
            throw;
        }
    }

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument; FailedPrecondition: there is none to go back to.</exception>
    public async Task<(Adapter Adapter, string Replaced)> RollBackAsync(Actor actor, string name, CancellationToken cancellationToken)
    {
        AdapterErrors.CheckReason(actor.Reason);
        if (!AdapterReference.IsName(name))
        {
            throw AdapterErrors.NameInvalid("name", name);
        }

        var target = transitions.FindRollBackTarget(actor.Tenant, name) ?? throw AdapterErrors.NothingBefore(name);
        using var ready = await readiness.PrepareAsync(target, cancellationToken);
        return await transitions.RollBackAsync(actor, name, cancellationToken);
    }
}
