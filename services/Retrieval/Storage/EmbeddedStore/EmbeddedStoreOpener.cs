namespace RagPlatform.Retrieval.Storage.EmbeddedStore;

/// <summary>Opens the store beside the host's start. A store that cannot be opened stops the host: nothing would work without it.</summary>
internal sealed partial class EmbeddedStoreOpener(EmbeddedVectorStore store, TimeProvider time, ILogger<EmbeddedStoreOpener> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => Open(stoppingToken), stoppingToken);

    private void Open(CancellationToken stoppingToken)
    {
        var begin = time.GetTimestamp();
        store.Open(stoppingToken);
        var (elapsed, totals) = (time.GetElapsedTime(begin), store.Totals);
        LogOpened(logger, totals.Chunks, totals.Documents, elapsed);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Opened the index: {Chunks} chunks of {Documents} documents in {Elapsed}")]
    private static partial void LogOpened(ILogger logger, int chunks, int documents, TimeSpan elapsed);
}
