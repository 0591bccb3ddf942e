using RagPlatform.FineTuneJobs.Datasets;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuneJobs.Workers.Processes;

namespace RagPlatform.FineTuneJobs.Scheduling;

/// <summary>On the start: deletes what a service that was killed left between a registry's row and its files.</summary>
public sealed partial class LeftFoldersService(KnownJobs jobs, JobFolders folders, DatasetStore datasets, ILogger<LeftFoldersService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            foreach (var job in folders.List().Where(job => !jobs.NeedsFolder(job)))
            {
                Leftovers.End(folders.Of(job));
                if (!folders.Delete(job))
                {
                    LogStays(logger, job);
                }
            }

            await datasets.DeleteLeftAsync(stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            // What is left does no harm but take room.
            LogNotCleared(logger, exception);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The folder of {JobId}, which is over, cannot be deleted now")]
    private static partial void LogStays(ILogger logger, string jobId);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "What a killed service left cannot be cleared away now")]
    private static partial void LogNotCleared(ILogger logger, Exception exception);
}
