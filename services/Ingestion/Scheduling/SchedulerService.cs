using RagPlatform.Ingestion.Features.ProcessDocument;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Scheduling;

/// <summary>
/// Takes from the queue as long as something may be taken, and processes each version in a slot of its own. Registrations and
/// whatever makes room wake it.
/// </summary>
public sealed partial class SchedulerService(
    VersionQueue queue, LanePicker picker, LaneRests rests, WorkInHand work, ProcessDocumentHandler handler, TimeProvider time, ILogger<SchedulerService> logger)
    : BackgroundService
{
    /// <summary>What may have been missed is seen at the latest then.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DelayAfterFailure = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var slots = new List<Task>();
        try
        {
            await RunAsync(slots, stoppingToken);
        }
        finally
        {
            await Task.WhenAll(slots);
        }
    }

    private async Task RunAsync(List<Task> slots, CancellationToken stoppingToken)
    {
        var isPutBack = false;
        while (true)
        {
            var wait = LongestWait;
            try
            {
                if (!isPutBack)
                {
                    var count = await queue.PutBackTakenAsync(stoppingToken);
                    isPutBack = true;
                    LogPutBack(logger, count);
                }

                // Asked before picking, too: a rest that ends while nothing is picked is over when it is asked for afterwards.
                var rest = rests.UntilNext();
                while (picker.Pick() is { } version)
                {
                    slots.RemoveAll(slot => slot.IsCompleted);
                    slots.Add(Task.Run(() => ProcessAsync(version, stoppingToken), CancellationToken.None));
                }

                wait = new[] { rest, rests.UntilNext(), LongestWait }.Min() ?? LongestWait;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogNotPicked(logger, exception);
                wait = DelayAfterFailure;
            }

            await work.Room.WaitAsync(wait, time, stoppingToken);
        }
    }

    private async Task ProcessAsync(WaitingVersion version, CancellationToken cancellationToken)
    {
        try
        {
            await handler.ProcessAsync(version, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops; the version waits again when it starts.
        }
        catch (Exception exception)
        {
            // It waits as before, or is found as stalled. Its collection rests, so that what fails does not do so in a circle.
            LogNotProcessed(logger, exception, version.Key.ToString(), version.Version);
            rests.Failed(Lane.Of(version.Key));
            work.Leave(version.Key, version.Version);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Count} documents that an earlier process had begun wait again")]
    private static partial void LogPutBack(ILogger logger, int count);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "The queue cannot be read; the next try is in a second")]
    private static partial void LogNotPicked(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "{Document} version {Version} was not processed; it is tried again")]
    private static partial void LogNotProcessed(ILogger logger, Exception exception, string document, long version);
}
