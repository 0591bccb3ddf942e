using RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.CommandLine.FineTuning;

/// <summary>What a watch has told of a job so far: its state, what it said and what it measured.</summary>
internal sealed class JobHistory
{
    private readonly Dictionary<string, SortedDictionary<long, double>> metrics = new(StringComparer.Ordinal);
    private readonly List<JobEvent> events = [];

    /// <summary>Null before the first update.</summary>
    public Job? Job { get; private set; }

    public IReadOnlyList<JobEvent> Events => events;

    public IEnumerable<string> Metrics => metrics.Keys.Order(StringComparer.Ordinal);

    /// <summary>Where a watch goes on after it was cut off.</summary>
    public long LastSequence { get; private set; }

    public void Add(WatchJobResponse update)
    {
        Job = update.Job;
        foreach (var entry in update.Events)
        {
            events.Add(entry);
            LastSequence = Math.Max(LastSequence, entry.Sequence);
        }

        foreach (var point in update.Metrics)
        {
            if (!metrics.TryGetValue(point.Name, out var points))
            {
                metrics[point.Name] = points = [];
            }

            // A worker that was resumed measures some steps again.
            points[point.Step] = point.Value;
            LastSequence = Math.Max(LastSequence, point.Sequence);
        }
    }

    /// <summary>By step.</summary>
    public IReadOnlyList<(long Step, double Value)> Points(string metric) =>
        metrics.TryGetValue(metric, out var points) ? [.. points.Select(point => (point.Key, point.Value))] : [];
}
