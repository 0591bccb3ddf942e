using System.Collections.Concurrent;
using Dapper;
using Microsoft.Data.Sqlite;

namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>Who is next. A job is taken by one process only: in one transaction, and from a dead owner only while it is still that one's.</summary>
public sealed class JobQueue(RegistryDatabase registry, JobChanges changes, ProcessLease lease)
{
    private readonly ConcurrentDictionary<string, bool> _taken = new(StringComparer.Ordinal);

    /// <summary>The job, now running and owned by this process until it is given back; null when nothing waits.</summary>
    public async Task<Job?> TakeAsync(CancellationToken cancellationToken)
    {
        var dead = FindAbandoned();
        var taken = await registry.WriteAsync(write => (dead is null ? null : TakeOver(write, dead.Value)) ?? TakeNext(write), cancellationToken);
        if (taken is not null)
        {
            _taken[taken.Id] = true;
            changes.Signal();
        }

        return taken;
    }

    /// <summary>This process runs the job no more; where it is still this process's by the registry, it is taken up again.</summary>
    public void GiveBack(string jobId) => _taken.TryRemove(jobId, out _);

    /// <summary>From 1, of all that wait; 0 where it does not.</summary>
    internal static int Position(SqliteConnection connection, JobRow row) =>
        row.State is JobState.Queued ? Arrange(connection, null).TakeWhile(job => job.Number != row.JobNumber).Count() + 1 : 0;

    internal static Dictionary<long, int> Positions(SqliteConnection connection) =>
        Arrange(connection, null).Select((job, index) => (job.Number, Position: index + 1)).ToDictionary(entry => entry.Number, entry => entry.Position);

    private static IReadOnlyList<QueuedJob> Arrange(SqliteConnection connection, SqliteTransaction? transaction)
    {
        var waiting = connection.Query<QueuedJob>("SELECT job_number AS Number, job_id AS Id, tenant AS Tenant, priority AS Priority FROM jobs WHERE state = 2", transaction: transaction);
        var running = connection.Query<(string Tenant, int Jobs)>("SELECT tenant, count(*) FROM jobs WHERE state = 3 GROUP BY tenant", transaction: transaction);
        var lastStarted = connection.Query<(string Tenant, long At)>(
            "SELECT tenant, max(resumed_at) FROM jobs WHERE resumed_at IS NOT NULL AND tenant IN (SELECT tenant FROM jobs WHERE state = 2) GROUP BY tenant", transaction: transaction);
        return QueueOrder.Arrange(waiting, running.ToDictionary(entry => entry.Tenant, entry => entry.Jobs), lastStarted.ToDictionary(entry => entry.Tenant, entry => entry.At));
    }

    /// <summary>A running job whose owner is no more, or is this process, which does not run it: asked outside of the transaction, for it looks at files.</summary>
    private (string JobId, string Owner)? FindAbandoned()
    {
        using var connection = registry.OpenReader();
        return connection.Query<(string JobId, string Owner)>("SELECT job_id, owner FROM jobs WHERE state = 3 ORDER BY job_number")
            .Where(job => job.Owner == lease.Id ? !_taken.ContainsKey(job.JobId) : !lease.IsAlive(job.Owner)).Cast<(string, string)?>().FirstOrDefault();
    }

    private Job? TakeOver(RegistryTransaction write, (string JobId, string Owner) dead)
    {
        var row = write.Find(dead.JobId);
        if (row is not { State: JobState.Running } || row.Owner != dead.Owner)
        {
            return null;
        }

        // An owner that stopped in order gave the job back, and has no part in what ends workers.
        write.Execute(
            """
            UPDATE jobs SET owner = @Id, attempts = attempts + 1, deaths = deaths + (owner <> ''), resumed_at = @Now
            WHERE job_number = @JobNumber
            """,
            new { lease.Id, write.Now, row.JobNumber });
        write.Say(row, row.Owner.Length > 0 ? "warn" : "info", row.Owner == lease.Id ? "The end of its run could not be written; the job goes on." : row.Owner.Length > 0 ? "The service that ran the job ended; another goes on with it." : "The service has started again and goes on with the job.");
        return write.Find(dead.JobId)!.ToJob();
    }

    private Job? TakeNext(RegistryTransaction write)
    {
        if (Arrange(write.Connection, write.Transaction) is not [var next, ..])
        {
            return null;
        }

        write.Execute("UPDATE jobs SET owner = @Id, attempts = attempts + 1 WHERE job_number = @Number", new { lease.Id, next.Number });
        write.Move(write.Find(next.Id)!, JobState.Running, "The job runs.");
        return write.Find(next.Id)!.ToJob();
    }
}
