using RagPlatform.FineTuneJobs.Adapters;

namespace RagPlatform.FineTuneJobs.Serving;

/// <summary>Has an adapter ready to serve before its name is switched to it.</summary>
internal sealed class AdapterReadiness(LoadedModels models, PublishedModels published)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Loaded here, or put into the models directory for the Embedding service. Dispose the result, where there is one, once the name is switched.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">It cannot be loaded or put there; ResourceExhausted: no room.</exception>
    public async Task<IDisposable?> PrepareAsync(Adapter adapter, CancellationToken cancellationToken)
    {
        if (models.Serves(adapter.Method))
        {
            return await models.RentAsync(adapter, Patience, cancellationToken);
        }

        if (PublishedModels.Publishes(adapter.Method))
        {
            await published.PublishAsync(adapter, cancellationToken);
        }

        return null;
    }
}
