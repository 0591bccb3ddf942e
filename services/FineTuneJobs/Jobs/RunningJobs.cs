using System.Text.Json;
using Microsoft.Extensions.Options;

namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>
/// What the process that runs a job writes of it. Each write is for the owner alone: one that has lost the job changes nothing,
/// hears of it, and ends its worker.
/// </summary>
public sealed class RunningJobs(RegistryDatabase registry, JobChanges changes, ProcessLease lease, IOptions<FineTuneJobsOptions> options)
{
    /// <summary>Curves of fewer points are not thinned.</summary>
    private const int MinPointsPerName = 100;

    /// <summary>Distinct metrics of a job; what comes beyond is left out.</summary>
    private const int MaxMetricNames = 64;

    /// <summary>Told of a job, beside the best; trainers keep far fewer.</summary>
    private const int MaxCheckpoints = 100;

    /// <summary>The wish that the job is under; null when it is no longer this process's.</summary>
    public async Task<JobWish?> ReportAsync(string jobId, JobReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        return await WriteAsync(jobId, (write, row) => Report(write, row, report), cancellationToken);
    }

    /// <summary>The wish that the job is under; null when it is no longer this process's.</summary>
    public JobWish? ReadWish(string jobId)
    {
        using var connection = registry.OpenReader();
        return JobRow.Find(connection, null, jobId) is { State: JobState.Running } row && row.Owner == lease.Id ? row.Wish : null;
    }

    /// <summary>Counts a worker's death. A checkpoint forgives those before.</summary>
    /// <returns>Deaths one after another; null when the job is no longer this process's.</returns>
    public Task<int?> CountDeathAsync(string jobId, string reason, CancellationToken cancellationToken) =>
        WriteAsync(jobId, (write, row) =>
        {
            write.Execute("UPDATE jobs SET deaths = deaths + 1, attempts = attempts + 1 WHERE job_number = @JobNumber", new { row.JobNumber });
            write.Say(row, "warn", $"The worker ended: {reason}");
            return (int?)(row.Deaths + 1);
        }, cancellationToken);

    /// <returns>False when the job is no longer this process's.</returns>
    public async Task<bool> SucceedAsync(string jobId, string adapter, string runCard, CancellationToken cancellationToken) =>
        await WriteAsync(jobId, (write, row) =>
        {
            write.Execute("UPDATE jobs SET adapter = @adapter, run_card = @runCard WHERE job_number = @JobNumber", new { adapter, runCard, row.JobNumber });
            return (bool?)write.Move(row, JobState.Succeeded, adapter.Length > 0 ? $"The job has succeeded: {adapter}." : "The job has succeeded.");
        }, cancellationToken) ?? false;

    /// <returns>False when the job is no longer this process's.</returns>
    public async Task<bool> FailAsync(string jobId, JobFailure failure, CancellationToken cancellationToken) =>
        await WriteAsync(jobId, (write, row) => (bool?)write.Move(row, JobState.Failed, "The job has failed.", failure), cancellationToken) ?? false;

    /// <returns>False when the job is no longer this process's, or is no longer to pause.</returns>
    public async Task<bool> PauseAsync(string jobId, CancellationToken cancellationToken) =>
        await WriteAsync(jobId, (write, row) => (bool?)(row.Wish is JobWish.Pause && write.Move(row, JobState.Paused, "The job is paused.")), cancellationToken) ?? false;

    /// <summary>Its worker is no more.</summary>
    public async Task<bool> CancelAsync(string jobId, CancellationToken cancellationToken) =>
        await WriteAsync(jobId, (write, row) => (bool?)write.Move(JobWriter.Forget(write, row), JobState.Cancelled, "The job is cancelled."), cancellationToken) ?? false;

    /// <summary>Gives the job back, still running, for whichever process starts next.</summary>
    public Task ReleaseAsync(string jobId, CancellationToken cancellationToken) =>
        WriteAsync(jobId, (write, row) => (int?)write.Execute(
            "UPDATE jobs SET owner = '', run_milliseconds = run_milliseconds + @Now - coalesce(resumed_at, @Now), resumed_at = @Now WHERE job_number = @JobNumber", new { write.Now, row.JobNumber }),
            cancellationToken);

    /// <summary>How long it has run, pauses not counted.</summary>
    public TimeSpan RunTime(string jobId)
    {
        using var connection = registry.OpenReader();
        return JobRow.Find(connection, null, jobId) is { } row
            ? TimeSpan.FromMilliseconds(row.RunMilliseconds + (row.State is JobState.Running ? registry.Now - (row.ResumedAt ?? registry.Now) : 0))
            : TimeSpan.Zero;
    }

    private JobWish? Report(RegistryTransaction write, JobRow row, JobReport report)
    {
        if (report.Progress is not null || report.HyperParameters is not null || report.RunCard is not null)
        {
            write.Execute(
                "UPDATE jobs SET progress = coalesce(@progress, progress), hyper_parameters = coalesce(@parameters, hyper_parameters), run_card = coalesce(@RunCard, run_card) WHERE job_number = @JobNumber",
                new
                {
                    progress = report.Progress is null ? null : JsonSerializer.Serialize(report.Progress),
                    parameters = report.HyperParameters is null ? null : JsonSerializer.Serialize(report.HyperParameters),
                    report.RunCard,
                    row.JobNumber,
                });
        }

        foreach (var (level, message) in report.Events)
        {
            write.Say(row, level, message);
        }

        foreach (var checkpoint in report.Checkpoints)
        {
            Keep(write, row, checkpoint);
        }

        foreach (var (step, name, value) in report.Metrics)
        {
            Measure(write, row, step, name, value);
        }

        Bound(write, row, report);
        return row.Wish;
    }

    private static void Keep(RegistryTransaction write, JobRow row, JobCheckpoint checkpoint)
    {
        if (checkpoint.IsBest)
        {
            write.Execute("UPDATE job_checkpoints SET is_best = 0 WHERE job_number = @JobNumber", new { row.JobNumber });
        }

        write.Execute(
            """
            INSERT OR REPLACE INTO job_checkpoints (job_number, step, at, validation_loss, is_best, bytes, path)
            VALUES (@JobNumber, @Step, @Now, @ValidationLoss, @IsBest, @Bytes, @Path)
            """,
            new { row.JobNumber, checkpoint.Step, write.Now, checkpoint.ValidationLoss, checkpoint.IsBest, checkpoint.Bytes, checkpoint.Path });
        write.Execute(
            """
            DELETE FROM job_checkpoints WHERE job_number = @JobNumber AND is_best = 0
              AND step < (SELECT step FROM job_checkpoints WHERE job_number = @JobNumber ORDER BY step DESC LIMIT 1 OFFSET @MaxCheckpoints)
            """,
            new { row.JobNumber, MaxCheckpoints });
        write.Execute("UPDATE jobs SET deaths = 0 WHERE job_number = @JobNumber", new { row.JobNumber });
    }

    /// <summary>A step that is done again after a resume measures again: the new point takes the old one's place.</summary>
    private static void Measure(RegistryTransaction write, JobRow row, long step, string name, double value) =>
        write.Execute(
            """
            INSERT INTO job_metrics (job_number, name, step, value, sequence) SELECT @JobNumber, @name, @step, @value, @sequence
            WHERE EXISTS (SELECT 1 FROM job_metrics WHERE job_number = @JobNumber AND name = @name)
               OR (SELECT count(DISTINCT name) FROM job_metrics WHERE job_number = @JobNumber) < @MaxMetricNames
            ON CONFLICT (job_number, name, step) DO UPDATE SET value = @value, sequence = @sequence
            """,
            new { row.JobNumber, name, step, value, sequence = write.NextSequence(row), MaxMetricNames });

    private void Bound(RegistryTransaction write, JobRow row, JobReport report)
    {
        if (report.Events.Count > 0)
        {
            write.Execute(
                "DELETE FROM job_events WHERE job_number = @JobNumber AND sequence <= (SELECT sequence FROM job_events WHERE job_number = @JobNumber ORDER BY sequence DESC LIMIT 1 OFFSET @MaxEventsPerJob)",
                new { row.JobNumber, options.Value.MaxEventsPerJob });
        }

        if (report.Metrics.Count > 0 && write.Scalar<long>("SELECT count(*) FROM job_metrics WHERE job_number = @JobNumber", new { row.JobNumber }) > options.Value.MaxMetricPointsPerJob)
        {
            write.Execute(
                """
                DELETE FROM job_metrics WHERE job_number = @JobNumber AND (name, step) IN (
                    SELECT name, step FROM (
                        SELECT name, step, row_number() OVER (PARTITION BY name ORDER BY step) AS place, count(*) OVER (PARTITION BY name) AS points
                        FROM job_metrics WHERE job_number = @JobNumber)
                    WHERE points > @MinPointsPerName AND place % 2 = 0)
                """,
                new { row.JobNumber, MinPointsPerName });
        }
    }

    private async Task<T?> WriteAsync<T>(string jobId, Func<RegistryTransaction, JobRow, T?> work, CancellationToken cancellationToken)
        where T : struct
    {
        var result = await registry.WriteAsync(
            write => write.Find(jobId) is { State: JobState.Running } row && row.Owner == lease.Id ? work(write, row) : null, cancellationToken);
        changes.Signal();
        return result;
    }
}
