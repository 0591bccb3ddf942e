namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>
/// In which order waiting jobs begin: tenants in turn, the one with the fewest running jobs first, then the one that has waited
/// longest for its turn; of a tenant the job of the highest priority, then the oldest. So no tenant's priority passes another tenant.
/// </summary>
public static class QueueOrder
{
    /// <param name="waiting">All that wait.</param>
    /// <param name="running">Running jobs by tenant; those without any may be left out.</param>
    /// <param name="lastStarted">When a job of the tenant last began, Unix milliseconds; those without any may be left out.</param>
    public static IReadOnlyList<QueuedJob> Arrange(IEnumerable<QueuedJob> waiting, IReadOnlyDictionary<string, int> running, IReadOnlyDictionary<string, long> lastStarted)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        ArgumentNullException.ThrowIfNull(running);
        ArgumentNullException.ThrowIfNull(lastStarted);
        var turns = new PriorityQueue<Queue<QueuedJob>, (int Turns, long LastStarted, long Oldest)>();
        foreach (var tenant in waiting.GroupBy(job => job.Tenant, StringComparer.Ordinal))
        {
            var jobs = new Queue<QueuedJob>(tenant.OrderByDescending(job => job.Priority).ThenBy(job => job.Number));
            turns.Enqueue(jobs, (running.GetValueOrDefault(tenant.Key), lastStarted.GetValueOrDefault(tenant.Key), tenant.Min(job => job.Number)));
        }

        var order = new List<QueuedJob>();
        while (turns.TryDequeue(out var jobs, out var turn))
        {
            order.Add(jobs.Dequeue());
            if (jobs.Count > 0)
            {
                turns.Enqueue(jobs, turn with { Turns = turn.Turns + 1 });
            }
        }

        return order;
    }
}

/// <param name="Number">The higher, the younger.</param>
public sealed record QueuedJob(long Number, string Id, string Tenant, long Priority);
