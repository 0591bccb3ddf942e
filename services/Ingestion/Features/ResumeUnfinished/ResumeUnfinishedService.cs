using Microsoft.Extensions.Options;

namespace RagPlatform.Ingestion.Features.ResumeUnfinished;

/// <summary>Runs rounds from the host's start on: one after the other while deletions are left, else one per interval.</summary>
public sealed partial class ResumeUnfinishedService(
    ResumeUnfinishedHandler handler, IOptions<IngestionOptions> options, TimeProvider time, ILogger<ResumeUnfinishedService> logger) : BackgroundService
{
    private static readonly TimeSpan BusDownDelay = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            var delay = TimeSpan.FromSeconds(options.Value.ResumeIntervalSeconds);
            try
            {
                var round = await handler.ResumeAsync(stoppingToken);
                delay = round.IsCutShort ? BusDownDelay : round.HasMore ? TimeSpan.Zero : delay;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogRoundFailed(logger, exception, options.Value.ResumeIntervalSeconds);
            }

            await Task.Delay(delay, time, stoppingToken);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Unfinished documents could not be resumed; the next try is in {IntervalSeconds} seconds")]
    private static partial void LogRoundFailed(ILogger logger, Exception exception, int intervalSeconds);
}
