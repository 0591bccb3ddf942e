using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Serving;
using RagPlatform.FineTuneJobs.Serving.Drift;

namespace RagPlatform.FineTuneJobs.Features.RetireAdapter;

/// <summary>Ends an adapter's service, and deletes it. Requests that have it end with it.</summary>
internal sealed class RetireAdapterHandler(
    AdapterCatalog catalog, AdapterTransitions transitions, AdapterFolders folders, LoadedModels models, PublishedModels published, DriftRecorder recorder, DriftDatabase drift)
{
    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument, NotFound.</exception>
    public async Task<Adapter> RetireAsync(Actor actor, string reference, CancellationToken cancellationToken)
    {
        AdapterErrors.CheckReason(actor.Reason);
        var adapter = await transitions.RetireAsync(actor, catalog.Get(actor.Tenant, reference, "id").Id, cancellationToken);
        models.Forget(adapter.Id);
        return adapter;
    }

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument, NotFound; FailedPrecondition while it is promoted.</exception>
    public async Task DeleteAsync(Actor actor, string reference, CancellationToken cancellationToken)
    {
        var adapter = await transitions.WithdrawAsync(actor.Tenant, catalog.Get(actor.Tenant, reference, "id").Id, cancellationToken);
        models.Forget(adapter.Id);
        try
        {
            published.Remove(adapter);
            folders.Delete(adapter.Id);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw AdapterErrors.CannotDelete(adapter, exception);
        }

        // What was asked of late is not to come after it.
        await recorder.FlushAsync(cancellationToken);
        await drift.ForgetAsync(adapter.Id, cancellationToken);
        // Last, so that a deletion that was cut short can be asked for again.
        await transitions.DeleteAsync(actor, adapter.Id, cancellationToken);
    }
}
