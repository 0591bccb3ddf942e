namespace RagPlatform.Embedding.Serving;

/// <summary>Finds the model that a request names, wherever it computes.</summary>
internal sealed class EmbeddingModels(ModelHost host, ModelQueues queues)
{
    /// <summary>The model, if it can be used at once.</summary>
    /// <param name="id">The default model when empty.</param>
    /// <exception cref="Grpc.Errors.ServiceException">Unknown, missing, not ready, or failed.</exception>
    public IEmbeddingModel Get(string id) => new LocalModel(host.Get(id), queues);

    /// <summary>The model, as soon as it can be used.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">Unknown, missing, failed, or not ready for 15 minutes.</exception>
    public async Task<IEmbeddingModel> WaitAsync(string id, CancellationToken cancellationToken) =>
        new LocalModel(await host.WaitAsync(id, cancellationToken), queues);
}
