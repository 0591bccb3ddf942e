using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuneJobs.RunCards;
using RagPlatform.Grpc.Errors;
using Microsoft.Extensions.Options;

namespace RagPlatform.FineTuneJobs.Scheduling;

/// <summary>Takes one job from its begin to an end: replaces workers that died, obeys wishes, and hands over what was made.</summary>
public sealed partial class JobSupervisor(
    IEnumerable<IJobRunner> runners, RunningJobs running, JobChanges changes, JobFolders folders, RunCard card, FineTuneJobsTelemetry telemetry,
    IOptions<FineTuneJobsOptions> options, TimeProvider time, ILogger<JobSupervisor> logger, ITrainedAdapters adapters)
{
    private static readonly TimeSpan MaxRestartDelay = TimeSpan.FromMinutes(1);

    /// <summary>Returns when the job has ended, is paused, is another process's, or the service stops.</summary>
    public async Task RunAsync(Job job, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(job);
        using var span = FineTuneJobsTelemetry.StartRun(job);
        await using var progress = new JobProgressWriter(job, running, changes, facts => card.Write(job, facts, end: null), telemetry, time, logger);
        try
        {
            await progress.WriteAsync(stopping);
            progress.Start();
            using var limit = new CancellationTokenSource(Left(job), time);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, progress.Lost);
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(ending.Token, limit.Token);
            await RunAsync(job, progress, limited.Token, ending.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested || progress.Lost.IsCancellationRequested)
        {
            await progress.WriteAsync(CancellationToken.None);
            await running.ReleaseAsync(job.Id, CancellationToken.None);
        }
        // Whatever went wrong, the job must not stay running with nobody at work on it; where only the registry cannot be written, it is taken up again.
        catch (Exception exception) when (exception is not ServiceException { Kind: FailureKind.Unavailable })
        {
            LogFailed(logger, exception, job.Id);
            await running.FailAsync(job.Id, JobFailures.Unexpected(exception.Message), CancellationToken.None);
        }
    }

    private async Task RunAsync(Job job, JobProgressWriter progress, CancellationToken limited, CancellationToken ending)
    {
        var runner = runners.FirstOrDefault(runner => runner.Offers(job.Spec.Method));
        if (runner is null)
        {
            await running.FailAsync(job.Id, JobFailures.CommandUnusable($"The method {job.Spec.Method.Name()} is not offered any more."), ending);
            return;
        }

        var run = new JobRun(job, folders.Of(job.Id), progress);
        // A service that ended while its worker trained counts as a death, too: a job that takes its service with it must not do so for ever.
        for (var deaths = job.Deaths; ; )
        {
            JobEnd end = deaths >= options.Value.MaxWorkerDeaths ? new JobEnd.Failed(JobFailures.WorkerDied(deaths, "the service ended with it")) : await RunOnceAsync(runner, run, limited, ending);
            await progress.WriteAsync(ending);
            telemetry.CountEnd(job.Spec.Method, end.GetType().Name.ToLowerInvariant());
            if (end is not JobEnd.Died died)
            {
                if (await EndAsync(job, progress, end, ending))
                {
                    return;
                }

                // The wish to pause was taken back meanwhile, or has become one to cancel.
                await progress.WriteAsync(ending);
                ending.ThrowIfCancellationRequested();
                await DelayAsync(1, progress, ending);
                continue;
            }

            telemetry.CountDeath();
            LogDied(logger, job.Id, died.Reason);
            deaths = await running.CountDeathAsync(job.Id, died.Reason, ending) ?? throw new OperationCanceledException(progress.Lost);
            if (deaths >= options.Value.MaxWorkerDeaths)
            {
                await EndAsync(job, progress, new JobEnd.Failed(JobFailures.WorkerDied(deaths, died.Reason)), ending);
                return;
            }

            await DelayAsync(deaths, progress, ending);
        }
    }

    private async Task<JobEnd> RunOnceAsync(IJobRunner runner, JobRun run, CancellationToken limited, CancellationToken ending)
    {
        try
        {
            return run.Progress.Wish switch
            {
                JobWish.Cancel => new JobEnd.Cancelled(),
                JobWish.Pause => new JobEnd.Paused(),
                _ => await runner.RunAsync(run, limited),
            };
        }
        catch (OperationCanceledException) when (limited.IsCancellationRequested && !ending.IsCancellationRequested)
        {
            return new JobEnd.Failed(JobFailures.TimedOut(options.Value.MaxJobHours, "FineTuneJobs:MaxJobHours"));
        }
    }

    /// <returns>False when a pause is not wanted any more.</returns>
    private async Task<bool> EndAsync(Job job, JobProgressWriter progress, JobEnd end, CancellationToken cancellationToken)
    {
        switch (end)
        {
            case JobEnd.Succeeded succeeded:
                var written = card.Write(job, progress.Facts, succeeded);
                var adapter = await adapters.TakeAsync(new TrainedAdapter(job, succeeded.Folder, succeeded.RemoteModel, succeeded.Rows), cancellationToken);
                await running.SucceedAsync(job.Id, adapter, written, cancellationToken);
                break;
            case JobEnd.Failed failed:
                await running.FailAsync(job.Id, failed.Failure, cancellationToken);
                break;
            case JobEnd.Paused:
                return await running.PauseAsync(job.Id, cancellationToken);
            case JobEnd.Cancelled:
                if (!folders.Delete(job.Id))
                {
                    LogFolderStays(logger, job.Id);
                }

                await running.CancelAsync(job.Id, cancellationToken);
                break;
        }

        return true;
    }

    /// <summary>Longer with each death; a wish ends it.</summary>
    private async Task DelayAsync(int deaths, JobProgressWriter progress, CancellationToken cancellationToken)
    {
        var delay = TimeSpan.FromMilliseconds(Math.Min(MaxRestartDelay.TotalMilliseconds, options.Value.RestartDelayMilliseconds * Math.Pow(2, deaths - 1)));
        using var subscription = changes.Subscribe();
        for (var started = time.GetTimestamp(); progress.Wish is JobWish.None && time.GetElapsedTime(started) is var elapsed && elapsed < delay; )
        {
            await subscription.WaitAsync(delay - elapsed, time, cancellationToken);
        }
    }

    private TimeSpan Left(Job job)
    {
        var left = TimeSpan.FromHours(options.Value.MaxJobHours) - running.RunTime(job.Id);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "A worker of {JobId} ended: {Reason}")]
    private static partial void LogDied(ILogger logger, string jobId, string reason);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "The folder of {JobId}, which is cancelled, cannot be deleted now; it is tried again when a service starts")]
    private static partial void LogFolderStays(ILogger logger, string jobId);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "{JobId} failed unexpectedly")]
    private static partial void LogFailed(ILogger logger, Exception exception, string jobId);
}
