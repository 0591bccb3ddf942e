using Microsoft.Extensions.Options;
using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.FineTuneJobs.Serving;

/// <summary>
/// The adapters in memory, over their shared bases. Whoever rents one has it until he gives it back; those that nobody has
/// leave, the longest unused first, when there are too many or they are too large. However many ask at once for one that is
/// not there, it is loaded once, and who leaves meanwhile does not end that for the others.
/// </summary>
internal sealed class LoadedModels(IEnumerable<IServedModelLoader> loaders, AdapterFolders folders, IOptions<ServingOptions> options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FullDelay = TimeSpan.FromSeconds(2);

    /// <summary>Between two looks for room.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    private readonly Lock gate = new();
    private readonly Dictionary<string, LoadedModel> models = [];
    private readonly Dictionary<string, LoadedBase> bases = [];
    private readonly CancellationTokenSource stopping = new();

    /// <summary>Adapters, and bytes of their files and bases.</summary>
    public (int Adapters, long Bytes) Held
    {
        get
        {
            lock (gate)
            {
                return (models.Count, Bytes);
            }
        }
    }

    private long Bytes => models.Values.Sum(model => model.Adapter.Bytes) + bases.Values.Sum(held => held.Model.Bytes);

    public bool Serves(string method) => loaders.Any(loader => loader.Loads(method));

    /// <summary>The adapter's model, loaded if need be. Dispose it to give it back.</summary>
    /// <exception cref="ServiceException">Its files cannot be loaded, its method is not served here, or there is no room.</exception>
    /// <param name="adapter">To be had.</param>
    /// <param name="patience">How long it waits for room while all others are in use.</param>
    /// <param name="cancellationToken">Ends the wait, not the loading.</param>
    public async Task<RentedModel> RentAsync(Adapter adapter, TimeSpan patience, CancellationToken cancellationToken)
    {
        var model = await TakeAsync(adapter, patience, cancellationToken);
        try
        {
            return new RentedModel(await model.Loading.WaitAsync(cancellationToken), () => GiveBack(model));
        }
        catch
        {
            GiveBack(model);
            throw;
        }
    }

    /// <summary>It is not rented out anew; whoever has it keeps it until he is done.</summary>
    public void Forget(string id)
    {
        lock (gate)
        {
            if (models.Remove(id, out var model))
            {
                Leave(model);
            }
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        lock (gate)
        {
            foreach (var model in models.Values)
            {
                Leave(model);
            }

            models.Clear();
        }

        stopping.Dispose();
    }

    private async Task<LoadedModel> TakeAsync(Adapter adapter, TimeSpan patience, CancellationToken cancellationToken)
    {
        for (var began = time.GetTimestamp(); ;)
        {
            try
            {
                return Take(adapter);
            }
            catch (ServiceException failure) when (failure.Kind is FailureKind.ResourceExhausted && time.GetElapsedTime(began) < patience)
            {
                await Task.Delay(LookInterval, time, cancellationToken);
            }
        }
    }

    /// <exception cref="ServiceException">FailedPrecondition: its method makes no predictions here; says where.</exception>
    public void RequireServed(Adapter adapter)
    {
        if (!Serves(adapter.Method))
        {
            throw AdapterErrors.ServedElsewhere(
                adapter, PublishedModels.Publishes(adapter.Method) ? $"Once promoted it is the model {PublishedModels.NameOf(adapter)} of the Embedding service." : "Ask the model where it is.");
        }
    }

    private LoadedModel Take(Adapter adapter)
    {
        lock (gate)
        {
            if (!models.TryGetValue(adapter.Id, out var model))
            {
                RequireServed(adapter);
                var loader = loaders.First(loader => loader.Loads(adapter.Method));
                var baseModel = BaseOf(loader, adapter);
                MakeRoom(adapter, baseModel);
                model = new LoadedModel(adapter, baseModel is null ? null : TakeBase(loader, baseModel));
                model.Loading = Task.Run(() => LoadAsync(loader, model), CancellationToken.None);
                models.Add(adapter.Id, model);
            }

            model.Users++;
            return model;
        }
    }

    private BaseModel? BaseOf(IServedModelLoader loader, Adapter adapter)
    {
        try
        {
            return loader.BaseOf(adapter, folders.Of(adapter.Id));
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
            throw AdapterErrors.CannotLoad(adapter, exception.Message, exception);
        }
    }

    private LoadedBase TakeBase(IServedModelLoader loader, BaseModel model)
    {
        if (!bases.TryGetValue(model.Path, out var held))
        {
            held = new LoadedBase(model, Task.Run(() => loader.LoadBase(model, stopping.Token)));
            bases.Add(model.Path, held);
        }

        held.Users++;
        return held;
    }

    /// <exception cref="ServiceException">FailedPrecondition: too large; ResourceExhausted: all others are in use.</exception>
    private void MakeRoom(Adapter adapter, BaseModel? baseModel)
    {
        var least = adapter.Bytes + (baseModel?.Bytes ?? 0);
        if (least > options.Value.MaxLoadedBytes)
        {
            throw AdapterErrors.TooLarge(adapter, least, options.Value.MaxLoadedBytes);
        }

        while (true)
        {
            var needed = adapter.Bytes + (baseModel is null || bases.ContainsKey(baseModel.Path) ? 0 : baseModel.Bytes);
            if (models.Count < options.Value.MaxLoadedAdapters && Bytes + needed <= options.Value.MaxLoadedBytes)
            {
                return;
            }

            var idle = models.Values.Where(model => model.Users == 0).MinBy(model => model.UsedAt)
                ?? throw AdapterErrors.MemoryFull(needed, options.Value.MaxLoadedBytes, FullDelay);
            models.Remove(idle.Adapter.Id);
            Leave(idle);
        }
    }

    private async Task<IServedModel> LoadAsync(IServedModelLoader loader, LoadedModel model)
    {
        try
        {
            var baseModel = model.Base is null ? null : await model.Base.Loading;
            return loader.Load(model.Adapter, folders.Of(model.Adapter.Id), baseModel, stopping.Token);
        }
        catch (Exception exception)
        {
            lock (gate)
            {
                // The next to ask tries again.
                if (models.TryGetValue(model.Adapter.Id, out var present) && present == model)
                {
                    models.Remove(model.Adapter.Id);
                    Leave(model);
                }
            }

            throw IsOfFiles(exception) ? AdapterErrors.CannotLoad(model.Adapter, exception.Message, exception) : exception;
        }
    }

    private void GiveBack(LoadedModel model)
    {
        lock (gate)
        {
            model.Users--;
            model.UsedAt = time.GetTimestamp();
            End(model);
        }
    }

    private void Leave(LoadedModel model)
    {
        model.HasLeft = true;
        End(model);
    }

    /// <summary>Once it has left and nobody has it: frees it, and its base with the last adapter over it.</summary>
    private void End(LoadedModel model)
    {
        if (!model.HasLeft || model.Users > 0 || model.IsEnded)
        {
            return;
        }

        model.IsEnded = true;
        _ = model.Loading.ContinueWith(static loading => loading.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        if (model.Base is { } held && --held.Users == 0)
        {
            bases.Remove(held.Model.Path);
            _ = Task.WhenAll(held.Loading, model.Loading).ContinueWith(
                _ => held.Loading.IsCompletedSuccessfully ? held.Loading.Result : null, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)
                .ContinueWith(static loading => loading.Result?.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private static bool IsOfFiles(Exception exception) => exception is InvalidDataException or IOException or UnauthorizedAccessException;

    private sealed class LoadedModel(Adapter adapter, LoadedBase? held)
    {
        public Adapter Adapter => adapter;

        public LoadedBase? Base => held;

        public Task<IServedModel> Loading { get; set; } = null!;

        public int Users { get; set; }

        public long UsedAt { get; set; }

        public bool HasLeft { get; set; }

        public bool IsEnded { get; set; }
    }

    private sealed class LoadedBase(BaseModel model, Task<IDisposable> loading)
    {
        public BaseModel Model => model;

        public Task<IDisposable> Loading => loading;

        public int Users { get; set; }
    }
}

/// <summary>A model that somebody has.</summary>
internal sealed class RentedModel(IServedModel model, Action giveBack) : IDisposable
{
    private int isGivenBack;

    public IServedModel Model => model;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref isGivenBack, 1) == 0)
        {
            giveBack();
        }
    }
}
