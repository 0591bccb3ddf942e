using RagPlatform.Search;

namespace RagPlatform.Retrieval.Storage.EmbeddedStore;

/// <summary>An index and what is done for it in the background: memory goes to files, files are merged.</summary>
internal sealed partial class OpenIndex : IAsyncDisposable
{
    private static readonly TimeSpan MaintenanceInterval = TimeSpan.FromSeconds(1);

    /// <summary>Between tries that fail one after the other: not all of the time goes into them, and what can be written again soon is.</summary>
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly IndexKey _key;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _maintaining;
    private volatile bool _isDamaged;

    public OpenIndex(IndexKey key, CollectionIndex index, TimeProvider time, ILogger logger)
    {
        (_key, Index, _time, _logger) = (key, index, time, logger);
        _maintaining = Task.Run(MaintainAsync);
    }

    public CollectionIndex Index { get; }

    /// <summary>A file has gone bad since it was opened: nothing is maintained any more until the index is opened anew.</summary>
    public bool IsDamaged => _isDamaged;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _maintaining;
        await Index.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task MaintainAsync()
    {
        var (delay, told) = (MaintenanceInterval, "");
        try
        {
            while (true)
            {
                await Task.Delay(delay, _time, _stopping.Token);
                try
                {
                    await Index.MaintainAsync(_stopping.Token);
                    (delay, told) = (MaintenanceInterval, "");
                }
                catch (IndexDamagedException exception)
                {
                    LogDamaged(_logger, _key, exception);
                    _isDamaged = true;
                    return;
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // Whatever it is: an index that nobody maintains any more would soon refuse to be written.
                    if (exception.Message != told)
                    {
                        LogFailed(_logger, _key, exception);
                    }

                    (delay, told) = (delay * 2 < LongestInterval ? delay * 2 : LongestInterval, exception.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed: what is due is done after the next opening.
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "{Index} could not be maintained; nothing is lost, and it is tried again, at least every 5 seconds")]
    private static partial void LogFailed(ILogger logger, IndexKey index, Exception exception);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "{Index} has a damaged file; it is opened anew, which sets the file aside, and its documents are indexed again")]
    private static partial void LogDamaged(ILogger logger, IndexKey index, Exception exception);
}
