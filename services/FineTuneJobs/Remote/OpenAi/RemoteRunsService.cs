using Microsoft.Extensions.Options;
using RagPlatform.FineTuneJobs.Jobs;

namespace RagPlatform.FineTuneJobs.Remote.OpenAi;

/// <summary>
/// Ends what runs at OpenAI for jobs that are no more: cancelled while they were paused or while the service was down, failed,
/// or deleted. Nothing trains there that nobody waits for, and no file stays.
/// </summary>
internal sealed partial class RemoteRunsService(
    OpenAiClient client, RemoteRuns runs, JobCatalog catalog, IOptions<OpenAiOptions> options, TimeProvider time, ILogger<RemoteRunsService> logger) : BackgroundService
{
    private const int MaxRuns = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>Looks once at every run that is not over.</summary>
    public async Task EndAbandonedAsync(CancellationToken cancellationToken)
    {
        foreach (var run in runs.List(MaxRuns))
        {
            if (catalog.Find(run.Tenant, run.Job) is { State: not (JobState.Cancelled or JobState.Failed or JobState.Succeeded) })
            {
                continue;
            }

            try
            {
                await EndAsync(run, cancellationToken);
            }
            catch (OpenAiException failure)
            {
                LogNotEnded(logger, run.Job, run.RemoteJob ?? "", failure.Message);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.ApiKey.Length == 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await EndAbandonedAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogFailed(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task EndAsync(RemoteRun run, CancellationToken cancellationToken)
    {
        var id = run.RemoteJob ?? (run.Asked is { } asked ? (await client.FindAsync(run.Job, asked, cancellationToken))?.Id : null);
        if (id is not null && await FindAsync(id, cancellationToken) is { IsOver: false })
        {
            await client.CancelAsync(id, cancellationToken);
        }

        foreach (var file in options.Value.KeepFiles ? [] : new[] { run.TrainingFile, run.ValidationFile }.OfType<string>())
        {
            await DeleteAsync(file, cancellationToken);
        }

        await runs.EndAsync(run.Job, cancellationToken);
        LogEnded(logger, run.Job, id ?? "none");
    }

    private async Task<RemoteJob?> FindAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetAsync(id, cancellationToken);
        }
        catch (OpenAiException failure) when (failure.Status == 404)
        {
            return null;
        }
    }

    private async Task DeleteAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteFileAsync(file, cancellationToken);
        }
        catch (OpenAiException failure) when (failure.Status == 404)
        {
            // Someone else deleted it.
        }
    }

    [LoggerMessage(EventId = 52, Level = LogLevel.Information, Message = "OpenAI's job {RemoteJob} of {JobId}, which is no more, was ended")]
    private static partial void LogEnded(ILogger logger, string jobId, string remoteJob);

    [LoggerMessage(EventId = 53, Level = LogLevel.Warning, Message = "OpenAI's job {RemoteJob} of {JobId} could not be ended yet: {Reason}")]
    private static partial void LogNotEnded(ILogger logger, string jobId, string remoteJob, string reason);

    [LoggerMessage(EventId = 54, Level = LogLevel.Warning, Message = "Runs at OpenAI could not be looked at; it is tried again")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
