using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Options;

namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>What callers do with jobs. Durable when a call returns.</summary>
public sealed class JobWriter(RegistryDatabase registry, JobChanges changes, IOptions<FineTuneJobsOptions> options)
{
    private const int IdBytes = 12;

    /// <summary>A job that waits to be validated; the one that the same request made before.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="spec">Checked.</param>
    /// <param name="requestId">Empty for none.</param>
    /// <param name="cancellationToken">Ends the wait for the registry.</param>
    public async Task<Job> CreateAsync(string tenant, JobSpec spec, string requestId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(requestId);
        var job = await registry.WriteAsync(write => FindSame(write, tenant, spec, requestId) ?? Insert(write, tenant, spec, requestId), cancellationToken);
        changes.Signal();
        return job.ToJob();
    }

    /// <summary>One that waits is paused at once; a running one as soon as its worker has kept a checkpoint.</summary>
    public Task<Job> PauseAsync(string tenant, string id, CancellationToken cancellationToken) =>
        ChangeAsync(tenant, id, (write, row) => row.State switch
        {
            JobState.Running when row.Wish is JobWish.Cancel => throw Refusal(row, "paused", "It is being cancelled."),
            JobState.Running => Wish(write, row, JobWish.Pause),
            JobState.Paused => row,
            _ => write.Move(row, JobState.Paused, "The job is paused.") ? row : throw Refusal(row, "paused", "Pause jobs that are queued or running."),
        }, cancellationToken);

    /// <summary>Back into the queue: one that is paused, or that failed and has a checkpoint to go on from.</summary>
    public Task<Job> ResumeAsync(string tenant, string id, CancellationToken cancellationToken) =>
        ChangeAsync(tenant, id, (write, row) => row.State switch
        {
            // Its pause is still a wish.
            JobState.Running when row.Wish is JobWish.Pause => Wish(write, row, JobWish.None),
            JobState.Running or JobState.Queued when row.Wish is JobWish.None => row,
            JobState.Failed when !HasCheckpoint(write, row) => throw Refusal(row, "resumed", "It has no checkpoint; make a new job."),
            _ => write.Move(row, JobState.Queued, "The job is queued again, to go on from its last checkpoint.") ? row : throw Refusal(row, "resumed", "Resume jobs that are paused, or that failed and have a checkpoint."),
        }, cancellationToken);

    /// <summary>One that does not run is cancelled at once; a running one as soon as its worker has ended.</summary>
    public Task<Job> CancelAsync(string tenant, string id, CancellationToken cancellationToken) =>
        ChangeAsync(tenant, id, (write, row) => row.State switch
        {
            JobState.Running => Wish(write, row, JobWish.Cancel),
            JobState.Cancelled => row,
            _ => write.Move(row, JobState.Cancelled, "The job is cancelled.") ? Forget(write, row) : throw Refusal(row, "cancelled", "Cancel jobs that are not over."),
        }, cancellationToken);

    /// <summary>Of a job that is over. Its folder is the caller's to delete.</summary>
    public Task<Job> DeleteAsync(string tenant, string id, CancellationToken cancellationToken) =>
        ChangeAsync(tenant, id, (write, row) =>
        {
            if (!row.State.IsOver())
            {
                throw Refusal(row, "deleted", "Cancel it first.");
            }

            write.Execute("DELETE FROM jobs WHERE job_number = @JobNumber", new { row.JobNumber });
            return row;
        }, cancellationToken);

    /// <summary>A cancelled job has nothing to go on from.</summary>
    internal static JobRow Forget(RegistryTransaction write, JobRow row)
    {
        write.Execute("DELETE FROM job_checkpoints WHERE job_number = @JobNumber", new { row.JobNumber });
        return row;
    }

    private static JobRow? FindSame(RegistryTransaction write, string tenant, JobSpec spec, string requestId)
    {
        var existing = requestId.Length == 0 ? null : write.Connection.QuerySingleOrDefault<JobRow>(
            $"SELECT {JobRow.Columns} FROM jobs WHERE tenant = @tenant AND request_id = @requestId", new { tenant, requestId }, write.Transaction);
        return existing is null || existing.Spec == JsonSerializer.Serialize(spec) ? existing : throw FineTuneJobsErrors.RequestIdTaken(requestId, existing.JobId);
    }

    private JobRow Insert(RegistryTransaction write, string tenant, JobSpec spec, string requestId)
    {
        var unfinished = write.Scalar<long>("SELECT count(*) FROM jobs WHERE tenant = @tenant AND state < 5", new { tenant });
        if (unfinished >= options.Value.MaxUnfinishedJobsPerTenant)
        {
            throw FineTuneJobsErrors.TooManyJobs(unfinished, options.Value.MaxUnfinishedJobsPerTenant);
        }

        var id = $"ftjob-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes))}";
        var number = write.Scalar<long>(
            """
            INSERT INTO jobs (job_id, tenant, project, request_id, spec, priority, state, created_at)
            VALUES (@id, @tenant, @Project, @requestId, @json, @Priority, 1, @Now) RETURNING job_number
            """,
            new { id, tenant, spec.Project, requestId = requestId.Length > 0 ? requestId : null, json = JsonSerializer.Serialize(spec), spec.Priority, write.Now });
        foreach (var (_, field, dataset) in spec.Data.Files())
        {
            if (write.Execute("INSERT OR IGNORE INTO job_datasets (job_number, tenant, dataset_id) SELECT @number, tenant, dataset_id FROM datasets WHERE tenant = @tenant AND dataset_id = @dataset", new { number, tenant, dataset }) == 0
                && write.Scalar<long>("SELECT count(*) FROM datasets WHERE tenant = @tenant AND dataset_id = @dataset", new { tenant, dataset }) == 0)
            {
                throw FineTuneJobsErrors.DatasetNotFound($"spec.data.{field}", dataset);
            }
        }

        var row = write.Find(id)!;
        write.Say(row, "info", "The job is made; its files are validated.");
        return row;
    }

    private static JobRow Wish(RegistryTransaction write, JobRow row, JobWish wish)
    {
        if (row.Wish != wish)
        {
            write.Execute("UPDATE jobs SET wish = @wish WHERE job_number = @JobNumber", new { wish, row.JobNumber });
            write.Say(row, "info", wish switch { JobWish.Pause => "The job is to pause.", JobWish.Cancel => "The job is to be cancelled.", _ => "The job is to go on." });
        }

        return row;
    }

    private static bool HasCheckpoint(RegistryTransaction write, JobRow row) =>
        write.Scalar<long>("SELECT count(*) FROM job_checkpoints WHERE job_number = @JobNumber", new { row.JobNumber }) > 0;

    private static Grpc.Errors.ServiceException Refusal(JobRow row, string wish, string remedy) => FineTuneJobsErrors.JobState(row.JobId, row.State, wish, remedy);

    private async Task<Job> ChangeAsync(string tenant, string id, Func<RegistryTransaction, JobRow, JobRow> change, CancellationToken cancellationToken)
    {
        var changed = await registry.WriteAsync(
            write =>
            {
                var row = write.Find(id) is { } found && found.Tenant == tenant ? found : throw FineTuneJobsErrors.JobNotFound(id);
                change(write, row);
                return write.Find(id) ?? row;
            },
            cancellationToken);
        changes.Signal();
        return changed.ToJob();
    }
}
