using Microsoft.Data.Sqlite;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.StageContent;

/// <summary>Gives the room of expired content back, from time to time.</summary>
public sealed partial class SweepStagedContentService(StagedContents staged, TimeProvider time, ILogger<SweepStagedContentService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await staged.SweepAsync(stoppingToken) is > 0 and var swept)
                {
                    LogSwept(logger, swept);
                }
            }
            catch (SqliteException exception) when (RegistryDatabase.IsUnavailable(exception))
            {
                LogNotSwept(logger, exception);
            }

            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    [LoggerMessage(EventId = 50, Level = LogLevel.Information, Message = "{Count} staged contents have expired and are deleted")]
    private static partial void LogSwept(ILogger logger, int count);

    [LoggerMessage(EventId = 51, Level = LogLevel.Warning, Message = "Expired staged content cannot be deleted now; it is tried again")]
    private static partial void LogNotSwept(ILogger logger, Exception exception);
}
