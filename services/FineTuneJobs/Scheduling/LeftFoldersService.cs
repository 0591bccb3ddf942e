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
        foreach (var job in folders.List().Where(job => !jobs.NeedsFolder(job)))
        {
            try
            {
                Leftovers.End(folders.Of(job));
                folders.Delete(job);
            }
            catch (IOException exception)
            {
                LogStays(logger, exception, job);
            }
        }

        datasets.DeleteAbandonedUploads();
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The folder of {JobId}, which is over, cannot be deleted now")]
    private static partial void LogStays(ILogger logger, Exception exception, string jobId);
}
