using Dapper;

namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>New jobs whose files have not been looked at.</summary>
public sealed class UnvalidatedJobs(RegistryDatabase registry, JobChanges changes)
{
    /// <summary>The oldest; null when there is none.</summary>
    public Job? FindNext()
    {
        using var connection = registry.OpenReader();
        return connection.QuerySingleOrDefault<JobRow>($"SELECT {JobRow.Columns} FROM jobs WHERE state = 1 ORDER BY job_number LIMIT 1")?.ToJob();
    }

    /// <summary>Queued, or failed. One that was cancelled meanwhile stays so.</summary>
    public async Task JudgeAsync(string jobId, ValidationVerdict verdict, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        await registry.WriteAsync(
            write =>
            {
                if (write.Find(jobId) is not { State: JobState.ValidatingFiles } row)
                {
                    return false;
                }

                foreach (var (level, message) in verdict.Events)
                {
                    write.Say(row, level, message);
                }

                return verdict.Failure is null ? write.Move(row, JobState.Queued, "The files are valid; the job is queued.") : write.Move(row, JobState.Failed, "The job has failed.", verdict.Failure);
            },
            cancellationToken);
        changes.Signal();
    }
}

/// <param name="Failure">Null where the job may train.</param>
/// <param name="Events">What was found, the worst first.</param>
public sealed record ValidationVerdict(JobFailure? Failure, IReadOnlyList<(string Level, string Message)> Events);
