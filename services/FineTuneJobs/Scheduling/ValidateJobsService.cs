using RagPlatform.FineTuneJobs.Datasets;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.FineTuneJobs.Scheduling;

/// <summary>Reads the files of new jobs, one job at a time: those with errors fail, the others are queued.</summary>
public sealed partial class ValidateJobsService(JobValidation validation, UnvalidatedJobs jobs, JobChanges changes, TimeProvider time, ILogger<ValidateJobsService> logger) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var subscription = changes.Subscribe();
        while (!stoppingToken.IsCancellationRequested)
        {
            if (jobs.FindNext() is { } job)
            {
                await ValidateAsync(job, stoppingToken);
            }
            else
            {
                await subscription.WaitAsync(PollInterval, time, stoppingToken);
            }
        }
    }

    private async Task ValidateAsync(Job job, CancellationToken cancellationToken)
    {
        try
        {
            await jobs.JudgeAsync(job.Id, await validation.JudgeAsync(job, cancellationToken), cancellationToken);
        }
        catch (ServiceException exception)
        {
            LogNotWritten(logger, exception, job.Id);
            await Task.Delay(PollInterval, time, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotRead(logger, exception, job.Id);
            await jobs.JudgeAsync(job.Id, new ValidationVerdict(JobFailures.Unexpected(exception.Message), []), cancellationToken);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "The validation of {JobId} cannot be written; it is tried again")]
    private static partial void LogNotWritten(ILogger logger, Exception exception, string jobId);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "The files of {JobId} cannot be read")]
    private static partial void LogNotRead(ILogger logger, Exception exception, string jobId);
}
