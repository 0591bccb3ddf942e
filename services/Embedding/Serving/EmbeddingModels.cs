using RagPlatform.Embedding.Providers;

namespace RagPlatform.Embedding.Serving;

/// <summary>Finds the model that a request names, wherever it computes.</summary>
internal sealed class EmbeddingModels(ModelHost host, ModelQueues queues, RemoteModels remote)
{
    /// <summary>The model, if it can be used at once.</summary>
    /// <param name="id">The default model when empty.</param>
    /// <param name="cancellationToken">Ends the first question to a provider.</param>
    /// <exception cref="Grpc.Errors.ServiceException">Unknown, missing, not ready, or failed.</exception>
    public async ValueTask<IEmbeddingModel> GetAsync(string id, CancellationToken cancellationToken) =>
        await FindRemoteAsync(id, cancellationToken) ?? Local(id, host.Get(id));

    /// <summary>The model, as soon as it can be used.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">Unknown, missing, failed, or not ready for 15 minutes.</exception>
    public async Task<IEmbeddingModel> WaitAsync(string id, CancellationToken cancellationToken) =>
        await FindRemoteAsync(id, cancellationToken) ?? Local(id, await host.WaitAsync(id, cancellationToken));

    /// <summary>The model, which goes on counting as used as long as its holder uses it.</summary>
    public LocalModel Local(string id, LoadedModel loaded) => new(loaded, queues, () => host.Use(id));

    private async ValueTask<IEmbeddingModel?> FindRemoteAsync(string id, CancellationToken cancellationToken)
    {
        var model = remote.Find(id.Length == 0 ? host.DefaultId : id);
        if (model is not null)
        {
            await model.ConnectAsync(cancellationToken);
        }

        return model;
    }
}
