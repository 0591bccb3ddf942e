using RagPlatform.Grpc.Errors;

namespace RagPlatform.Retrieval.Storage.EmbeddedStore;

/// <summary>Opens indexes that could not be opened at the start, and anew those of which a file has gone bad since.</summary>
internal sealed partial class IndexReopener(
    Collections collections, VectorStores stores, EmbeddedVectorStore store, StoreOpening opening, TimeProvider time, ILogger<IndexReopener> logger) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await collections.WaitUntilLoadedAsync(stoppingToken);
        await stores.WaitUntilAnsweringAsync(store.Name, stoppingToken);
        for (var delay = Interval; ;)
        {
            await Task.Delay(delay, time, stoppingToken);
            var areAllOpen = true;
            foreach (var collection in collections.All().Where(collection => collection.Index is { } index && index.Store == store.Name && !store.IsIntact(index.Key)))
            {
                areAllOpen &= await TryOpenAsync(collection.Key, stoppingToken);
            }

            delay = areAllOpen ? Interval : delay * 2 < LongestInterval ? delay * 2 : LongestInterval;
        }
    }

    private async Task<bool> TryOpenAsync(CollectionKey collection, CancellationToken cancellationToken)
    {
        try
        {
            await opening.ReconcileAsync(store, collection, cancellationToken);
            LogOpened(logger, collection);
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whatever it is, it concerns one collection.
            LogNotOpened(logger, collection, exception);
            return false;
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Collection}: its index is open again")]
    private static partial void LogOpened(ILogger logger, CollectionKey collection);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "{Collection}: its index still cannot be opened; it is tried again, at least every minute")]
    private static partial void LogNotOpened(ILogger logger, CollectionKey collection, Exception exception);
}
