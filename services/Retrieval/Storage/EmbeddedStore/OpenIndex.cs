using RagPlatform.Search;

namespace RagPlatform.Retrieval.Storage.EmbeddedStore;

/// <summary>An index and what is done for it in the background: memory goes to files, files are merged.</summary>
internal sealed partial class OpenIndex : IAsyncDisposable
{
    private static readonly TimeSpan MaintenanceInterval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly PeriodicTimer _timer;
    private readonly ILogger _logger;
    private readonly Task _maintaining;

    public OpenIndex(CollectionIndex index, TimeProvider time, ILogger logger)
    {
        (Index, _timer, _logger) = (index, new PeriodicTimer(MaintenanceInterval, time), logger);
        _maintaining = Task.Run(MaintainAsync);
    }

    public CollectionIndex Index { get; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _maintaining;
        await Index.DisposeAsync();
        _timer.Dispose();
        _stopping.Dispose();
    }

    private async Task MaintainAsync()
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(_stopping.Token))
            {
                try
                {
                    await Index.MaintainAsync(_stopping.Token);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // Whatever it is: an index that nobody maintains any more would soon refuse to be written.
                    LogFailed(_logger, exception);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed: what is due is done after the next opening.
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "An index could not be maintained; nothing is lost, and the next second tries again")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
