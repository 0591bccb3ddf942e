using RagPlatform.Embedding.Models;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.Embedding.Serving;

/// <summary>One run of pulling, loading and warming up a model. It belongs to the process: no caller's end cancels it.</summary>
internal sealed class ModelPreparation
{
    private readonly CancellationToken stopping;
    private long askedAt;
    private readonly CancellationTokenSource unloading;

    private ModelPreparation(string id, ModelStore store, LoadModel load, CancellationToken stopping)
    {
        Id = id;
        Progress = new ProgressFeed();
        this.stopping = stopping;
        unloading = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Model = Task.Run(() => RunAsync(store, load, unloading.Token), CancellationToken.None);
    }

    public string Id { get; }

    public ProgressFeed Progress { get; }

    public Task<LoadedModel> Model { get; }

    /// <summary>A timestamp: when somebody last wanted to use it.</summary>
    public long AskedAt
    {
        get => Volatile.Read(ref askedAt);
        set => Volatile.Write(ref askedAt, value);
    }

    /// <summary>In one line: the step and how far it is, or why it failed.</summary>
    public string Status => Model.IsFaulted ? Model.Exception.InnerException!.Message : Progress.Status;

    public static ModelPreparation Start(string id, ModelStore store, LoadModel load, CancellationToken stopping) => new(id, store, load, stopping);

    public ServiceException WhyNotReady() =>
        Model.IsFaulted ? EmbeddingErrors.ModelFailed(Id, Status)
        : Model.IsCanceled ? stopping.IsCancellationRequested ? EmbeddingErrors.Stopping() : EmbeddingErrors.ModelMissing(Id)
        : EmbeddingErrors.ModelNotReady(Id, Status);

    /// <summary>Ends the preparation where it is under way, and waits until it no longer touches the model's files.</summary>
    public async Task UnloadAsync(CancellationToken cancellationToken)
    {
        await unloading.CancelAsync();
        await ((Task)Model).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task<LoadedModel> RunAsync(ModelStore store, LoadModel load, CancellationToken ended)
    {
        try
        {
            var folder = await store.PullAsync(Id, Progress, ended);
            Progress.Report(new PullProgress(PullSteps.Loading, $"{Id} from {folder.Source}"));
            var model = load(folder, ended);
            Progress.Report(new PullProgress(PullSteps.Ready, $"{Id} from {folder.Source}, {model.Purpose}"));
            return model;
        }
        catch (OperationCanceledException exception) when (!ended.IsCancellationRequested)
        {
            // A time limit inside a source: a failure that may be repeated, where a cancelled preparation is one that the host or an unloading ended.
            throw new ModelPullException($"The model '{Id}' was not prepared in time. Pull again.", exception);
        }
        finally
        {
            Progress.Complete();
        }
    }
}
