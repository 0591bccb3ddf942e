using RagPlatform.Grpc.Errors;

namespace RagPlatform.Retrieval.Storage;

/// <summary>
/// Opens the catalogue and every store beside the host's start. A store that does not answer is tried again until it does; one
/// that cannot be opened stops the host: nothing would work without it.
/// </summary>
internal sealed partial class StoreOpener(Collections collections, VectorStores stores, StoreOpening opening, TimeProvider time, ILogger<StoreOpener> logger)
    : BackgroundService
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Run(collections.Load, stoppingToken);
        await Task.WhenAll(stores.All.Select(store => Task.Run(() => OpenAsync(store, stoppingToken), stoppingToken)));
        var size = collections.Size;
        LogOpened(logger, size.Chunks, size.Documents);
    }

    private async Task OpenAsync(IVectorStore store, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                var begin = time.GetTimestamp();
                await opening.RunAsync(store, stoppingToken);
                var elapsed = time.GetElapsedTime(begin);
                LogStoreOpened(logger, store.Name, elapsed);
                return;
            }
            catch (ServiceException exception) when (exception.Kind is FailureKind.Unavailable)
            {
                stores.MarkUnavailable(store.Name, exception);
                LogUnavailable(logger, store.Name, exception.Message);
                await Task.Delay(RetryInterval, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Opened the indexes: {Chunks} chunks of {Documents} documents")]
    private static partial void LogOpened(ILogger logger, int chunks, int documents);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Opened the store '{Store}' in {Elapsed}")]
    private static partial void LogStoreOpened(ILogger logger, string store, TimeSpan elapsed);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "The store '{Store}' does not answer, its collections have to wait: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string store, string reason);
}
