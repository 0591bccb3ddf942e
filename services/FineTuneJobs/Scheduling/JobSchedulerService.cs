using Microsoft.Extensions.Options;
using RagPlatform.FineTuneJobs.Jobs;

namespace RagPlatform.FineTuneJobs.Scheduling;

/// <summary>Runs the jobs whose turn it is, so many at once as there are places. When the service stops, so do their workers, and the jobs are given back.</summary>
public sealed partial class JobSchedulerService(
    JobQueue queue, JobSupervisor supervisor, JobChanges changes, IOptions<FineTuneJobsOptions> options, TimeProvider time, ILogger<JobSchedulerService> logger) : BackgroundService
{
    /// <summary>Changes made by this process are signalled; this is for those that are not, and for owners that die.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var subscription = changes.Subscribe();
        var running = new List<Task>();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                running.RemoveAll(task => task.IsCompleted);
                while (running.Count < options.Value.MaxRunningJobs && await TryTakeAsync(stoppingToken) is { } job)
                {
                    running.Add(RunAsync(job, stoppingToken));
                }

                await subscription.WaitAsync(PollInterval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What runs is waited for below.
        }

        await Task.WhenAll(running);
    }

    private async Task<Job?> TryTakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await queue.TakeAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotTaken(logger, exception);
            return null;
        }
    }

    private async Task RunAsync(Job job, CancellationToken stoppingToken)
    {
        try
        {
            await supervisor.RunAsync(job, stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The registry cannot be written: the job stays this process's, which takes it up again.
            LogNotEnded(logger, exception, job.Id);
        }
        finally
        {
            queue.GiveBack(job.Id);
            changes.Signal();
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "No job can be taken; it is tried again soon")]
    private static partial void LogNotTaken(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "The end of {JobId} cannot be written; it is taken up again")]
    private static partial void LogNotEnded(ILogger logger, Exception exception, string jobId);
}
