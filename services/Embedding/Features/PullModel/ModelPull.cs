using RagPlatform.Embedding.Models;
using RagPlatform.Embedding.Serving;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.Embedding.Features.PullModel;

/// <summary>One run of pinning and fetching a model's files. It belongs to the process: no caller's end cancels it.</summary>
internal sealed class ModelPull
{
    private readonly CancellationToken stopping;
    private readonly CancellationTokenSource ending;
    private readonly Task<ModelFolder> folder;

    public ModelPull(string id, PinRequest? request, ModelStore store, ModelPinning pinning, CancellationToken stopping)
    {
        Id = id;
        Request = request;
        this.stopping = stopping;
        ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        folder = Task.Run(() => RunAsync(store, pinning, ending.Token), CancellationToken.None);
    }

    public string Id { get; }

    /// <summary>Null where the model is pinned already.</summary>
    public PinRequest? Request { get; }

    public ProgressFeed Progress { get; } = new();

    public bool IsUnderWay => !folder.IsCompleted;

    /// <summary>The model's files, once they are all here.</summary>
    /// <exception cref="ServiceException">They do not come; with the reason.</exception>
    public async Task<ModelFolder> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await folder.WaitAsync(cancellationToken);
        }
        catch (ModelPullException exception)
        {
            throw EmbeddingErrors.ModelFailed(Id, exception.Message);
        }
        catch (OperationCanceledException) when (folder.IsCanceled)
        {
            throw stopping.IsCancellationRequested ? EmbeddingErrors.Stopping() : EmbeddingErrors.ModelMissing(Id);
        }
    }

    /// <summary>Ends the pull, and waits until it no longer touches the model's files. What has come so far stays.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await ending.CancelAsync();
        await ((Task)folder).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task<ModelFolder> RunAsync(ModelStore store, ModelPinning pinning, CancellationToken ended)
    {
        try
        {
            if (Request is not null)
            {
                await pinning.PinAsync(Request, Progress, ended);
            }

            return await store.PullAsync(Id, Progress, ended);
        }
        finally
        {
            Progress.Complete();
        }
    }
}
