using Microsoft.Extensions.Options;
using RagPlatform.Embedding.Models;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.Embedding.Serving;

/// <summary>
/// The models of this process: pulled, loaded and warmed up in the background, the default one from the start, others
/// when first asked for. Whoever asks while a model is being prepared joins that preparation.
/// </summary>
internal sealed partial class ModelHost(ModelStore store, LoadModel load, IOptions<EmbeddingOptions> options, TimeProvider time, ILogger<ModelHost> logger)
    : BackgroundService
{
    /// <summary>Between two attempts to prepare the default model.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(60);

    /// <summary>Between two looks of <see cref="WaitAsync"/> at a default model that cannot be used.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    /// <summary>The longest that <see cref="WaitAsync"/> waits; below RabbitMQ's 30 minutes for acknowledging a delivery.</summary>
    private static readonly TimeSpan WaitLimit = TimeSpan.FromMinutes(15);

    /// <summary>How long nobody may have asked for a model, the default one excepted, that gives its place to another.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(60);

    private readonly Lock gate = new();
    private readonly Dictionary<string, ModelPreparation> preparations = [];
    private readonly CancellationTokenSource stopping = new();

    public string DefaultId => options.Value.Model;

    /// <summary>A provider computes it: nothing is to be pulled or loaded.</summary>
    public bool IsDefaultRemote => options.Value.RemoteModels.Contains(DefaultId);

    /// <summary>The preparation of that model so far, or null when nobody asked for it yet.</summary>
    public ModelPreparation? Find(string id)
    {
        lock (gate)
        {
            return preparations.GetValueOrDefault(id);
        }
    }

    /// <summary>The model, if it can be used at once. Begins to load one that is on disk.</summary>
    /// <param name="id">The default model when empty.</param>
    /// <exception cref="ServiceException">Unknown, missing, not ready, or failed.</exception>
    public LoadedModel Get(string id)
    {
        var preparation = Begin(id.Length == 0 ? DefaultId : id);
        return preparation.Model.IsCompletedSuccessfully ? preparation.Model.Result : throw preparation.WhyNotReady();
    }

    /// <summary>Somebody who has the model uses it: it does not give its place to another now.</summary>
    public void Use(string id)
    {
        if (Find(id) is { } preparation)
        {
            preparation.AskedAt = time.GetTimestamp();
        }
    }

    /// <summary>The model, as soon as it can be used. The default one is waited for even while it is missing or fails.</summary>
    /// <exception cref="ServiceException">Unknown, missing, failed, or not ready for 15 minutes.</exception>
    public async Task<LoadedModel> WaitAsync(string id, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(WaitLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var looked = false;
        while (true)
        {
            var outcome = await AwaitAsync(id, either.Token);
            if (outcome.Model is { } model)
            {
                return model;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (id != DefaultId || limit.IsCancellationRequested)
            {
                throw outcome.Reason!;
            }

            if (!looked)
            {
                LogWaiting(logger, outcome.Reason!.Message);
                looked = true;
            }

            await Task.Delay(LookInterval, time, cancellationToken);
        }
    }

    /// <summary>Pulls the model when it is missing and loads it; joins a preparation under way, repeats one that failed.</summary>
    /// <exception cref="ServiceException">Unknown, or one model too many.</exception>
    public ModelPreparation Prepare(string id)
    {
        if (!store.KnownIds.Contains(id))
        {
            throw EmbeddingErrors.UnknownModel(id, store.KnownIds.Concat(options.Value.RemoteModels));
        }

        lock (gate)
        {
            if (preparations.TryGetValue(id, out var present) && !present.Model.IsFaulted)
            {
                return present;
            }

            if (preparations.Values.Count(other => other.Id != id && !other.Model.IsFaulted) >= options.Value.MaxLoadedModels)
            {
                var idle = FindIdle(id) ?? throw EmbeddingErrors.TooManyModels(id, options.Value.MaxLoadedModels);
                preparations.Remove(idle.Id);
                LogGaveWay(logger, idle.Id, id);
            }

            var begun = preparations[id] = ModelPreparation.Start(id, store, load, stopping.Token);
            begun.AskedAt = time.GetTimestamp();
            return begun;
        }
    }

    /// <summary>Forgets a model: a preparation under way ends, and work that already has the model ends with it in memory.</summary>
    public async Task UnloadAsync(string id, CancellationToken cancellationToken)
    {
        ModelPreparation? preparation;
        lock (gate)
        {
            preparations.Remove(id, out preparation);
        }

        if (preparation is not null)
        {
            await preparation.UnloadAsync(cancellationToken);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        stopping.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!IsDefaultRemote && (store.Find(DefaultId) is not null || options.Value.PullOnStart))
        {
            try
            {
                var model = await Prepare(DefaultId).Model.WaitAsync(stoppingToken);
                LogReady(logger, model.Id, model.Folder.Source, model.Dimension);
                return;
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                LogFailed(logger, exception, DefaultId, RetryInterval.TotalSeconds);
            }

            await Task.Delay(RetryInterval, time, stoppingToken);
        }
    }

    /// <summary>The one not asked for the longest. Work that already has it ends with it in memory.</summary>
    private ModelPreparation? FindIdle(string wanted) =>
        preparations.Values.Where(other =>
                other.Id != wanted && other.Id != DefaultId && other.Model.IsCompletedSuccessfully && time.GetElapsedTime(other.AskedAt) >= IdleTime)
            .MinBy(other => other.AskedAt);

    /// <summary>The model, or why it cannot be used at the time the preparation or the wait ended.</summary>
    private async Task<(LoadedModel? Model, ServiceException? Reason)> AwaitAsync(string id, CancellationToken cancellationToken)
    {
        ModelPreparation preparation;
        try
        {
            preparation = Begin(id);
        }
        catch (ServiceException failure)
        {
            return (null, failure);
        }

        await ((Task)preparation.Model).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return preparation.Model.IsCompletedSuccessfully ? (preparation.Model.Result, null) : (null, preparation.WhyNotReady());
    }

    private ModelPreparation Begin(string id)
    {
        if (Find(id) is { } preparation)
        {
            preparation.AskedAt = time.GetTimestamp();
            return preparation;
        }

        if (store.Find(id) is not null || id == DefaultId && options.Value.PullOnStart)
        {
            return Prepare(id);
        }

        throw store.Inspect(id) is not { } entry ? EmbeddingErrors.UnknownModel(id, store.KnownIds.Concat(options.Value.RemoteModels))
            : entry.Problem.Length > 0 ? EmbeddingErrors.ModelIncomplete(id, entry.Problem)
            : EmbeddingErrors.ModelMissing(id);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Model {Model} is ready, from {Source}, {Dimension} dimensions")]
    private static partial void LogReady(ILogger logger, string model, string source, int dimension);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Model {Model} cannot be used; trying again in {Seconds} s")]
    private static partial void LogFailed(ILogger logger, Exception exception, string model, double seconds);

    [LoggerMessage(EventId = 4, Level = LogLevel.Information, Message = "Model {Idle}, which nobody uses, leaves memory for {Model}")]
    private static partial void LogGaveWay(ILogger logger, string idle, string model);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "Chunks wait for the default model: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string reason);
}
