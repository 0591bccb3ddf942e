using System.Runtime.CompilerServices;
using RagPlatform.FineTuneJobs.Jobs;

namespace RagPlatform.FineTuneJobs.Features.WatchJob;

/// <summary>What happened to a job, then what happens to it, at the caller's pace, until it rests.</summary>
public sealed class WatchJobHandler(JobCatalog catalog, JobChanges changes, TimeProvider time)
{
    private const int MaxEntries = 1000;

    /// <summary>Changes made by this process are signalled; this is for those that are not.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    public async IAsyncEnumerable<JobUpdate> WatchAsync(string tenant, string id, long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var subscription = changes.Subscribe();
        var (lastEvent, lastMetric) = (afterSequence, afterSequence);
        Job? last = null;
        while (true)
        {
            // The state is read before the events: what brings a job to rest is then among those that follow.
            var job = catalog.Find(tenant, id) ?? throw FineTuneJobsErrors.JobNotFound(id);
            var events = catalog.Events(id, lastEvent, MaxEntries);
            var metrics = catalog.Metrics(id, "", lastMetric, MaxEntries);
            if (events.Count > 0 || metrics.Count > 0 || !IsSame(job, last))
            {
                yield return new JobUpdate(job, events, metrics);
                last = job;
                lastEvent = events.Count > 0 ? events[^1].Sequence : lastEvent;
                lastMetric = metrics.Count > 0 ? metrics[^1].Sequence : lastMetric;
            }

            if (events.Count == MaxEntries || metrics.Count == MaxEntries)
            {
                // There may be more, also of a job at rest: a slow reader falls behind.
                continue;
            }

            if (job.State.IsAtRest())
            {
                yield break;
            }

            await subscription.WaitAsync(PollInterval, time, cancellationToken);
        }
    }

    private static bool IsSame(Job job, Job? last) =>
        last is not null && job.State == last.State && job.Progress == last.Progress && job.QueuePosition == last.QueuePosition && job.Attempts == last.Attempts;
}

/// <param name="Job">As it is now.</param>
/// <param name="Events">Since the last update.</param>
/// <param name="Metrics">Since the last update.</param>
public sealed record JobUpdate(Job Job, IReadOnlyList<JobEvent> Events, IReadOnlyList<MetricPoint> Metrics);
