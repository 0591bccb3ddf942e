using Dapper;

namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>Jobs that succeeded or failed, and that nobody outside has been told of.</summary>
public sealed class UnannouncedJobs(RegistryDatabase registry)
{
    /// <summary>In the order in which they were made.</summary>
    public IReadOnlyList<Job> Find(int limit)
    {
        using var connection = registry.OpenReader();
        return [.. connection.Query<JobRow>($"SELECT {JobRow.Columns} FROM jobs WHERE announced = 0 ORDER BY job_number LIMIT @limit", new { limit }).Select(row => row.ToJob())];
    }

    /// <summary>One that has been resumed meanwhile stays to be told of when it ends again.</summary>
    public Task<int> MarkAsync(Job job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        return registry.WriteAsync(
            write => write.Execute("UPDATE jobs SET announced = 1 WHERE job_id = @Id AND state = @State AND ended_at = @endedAt", new { job.Id, job.State, endedAt = job.EndedAt?.ToUnixTimeMilliseconds() }),
            cancellationToken);
    }
}
