using RagPlatform.Embedding.Features.PullModel;
using RagPlatform.Embedding.Models;
using RagPlatform.Embedding.Serving;

namespace RagPlatform.Embedding.Features.RemoveModel;

internal sealed class RemoveModelHandler(ModelStore store, ModelHost host, ModelPulls pulls)
{
    /// <summary>Ends what is under way with the model, takes it out of memory, and deletes it. Whether collections use it, others know.</summary>
    /// <returns>Bytes that were freed.</returns>
    /// <exception cref="Grpc.Errors.ServiceException">Unknown, the default model, or the files cannot be deleted.</exception>
    public async Task<long> HandleAsync(string modelId, CancellationToken cancellationToken)
    {
        if (store.Inspect(modelId) is null && pulls.Find(modelId) is null)
        {
            throw EmbeddingErrors.UnknownModel(modelId, store.KnownIds);
        }

        if (modelId == host.DefaultId)
        {
            throw EmbeddingErrors.ModelIsDefault(modelId);
        }

        if (pulls.Find(modelId) is { } pull)
        {
            await pull.EndAsync(cancellationToken);
        }

        await host.UnloadAsync(modelId, cancellationToken);
        try
        {
            return await store.RemoveAsync(modelId, new ProgressFeed(), cancellationToken);
        }
        catch (ModelPullException exception)
        {
            throw EmbeddingErrors.StoreFailed(exception.Message);
        }
        finally
        {
            // Somebody may have asked for it while it was still there.
            await host.UnloadAsync(modelId, CancellationToken.None);
        }
    }
}
