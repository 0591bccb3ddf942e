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
            try
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
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotWritten(logger, exception);
                await Task.Delay(PollInterval, time, stoppingToken);
            }
        }
    }

    private async Task ValidateAsync(Job job, CancellationToken cancellationToken)
    {
        ValidationVerdict verdict;
        try
        {
            verdict = await validation.JudgeAsync(job, cancellationToken);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ServiceException))
        {
            // Whatever is wrong with one job's files or model, the next one's turn must come.
            LogNotRead(logger, exception, job.Id);
            verdict = new ValidationVerdict(JobFailures.Unexpected(exception.Message), []);
        }

        await jobs.JudgeAsync(job.Id, verdict, cancellationToken);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "A validation cannot be written; it is tried again")]
    private static partial void LogNotWritten(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "The files of {JobId} cannot be read")]
    private static partial void LogNotRead(ILogger logger, Exception exception, string jobId);
}
