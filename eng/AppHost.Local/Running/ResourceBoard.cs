using System.Runtime.CompilerServices;

namespace RagPlatform.AppHost.Local.Running;

/// <summary>
/// The latest snapshot of every resource. A reader that falls behind skips what has been overtaken: memory is one
/// snapshot per resource, whoever reads.
/// </summary>
internal sealed class ResourceBoard
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (ResourceSnapshot Snapshot, long Version)> latest = new(StringComparer.Ordinal);
    private TaskCompletionSource changed = NewSignal();
    private long version;

    public IReadOnlyList<ResourceSnapshot> Snapshots
    {
        get
        {
            lock (gate)
            {
                return [.. latest.Values.Select(entry => entry.Snapshot)];
            }
        }
    }

    public void Add(ResourceSnapshot snapshot) => Set(snapshot.Name, _ => snapshot);

    public void Update(string name, Func<ResourceSnapshot, ResourceSnapshot> change) => Set(name, current => change(current!));

    /// <summary>First all resources, then, each time, those that have changed since.</summary>
    public async IAsyncEnumerable<IReadOnlyList<ResourceSnapshot>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var seen = 0L; ;)
        {
            Task next;
            ResourceSnapshot[] news;
            lock (gate)
            {
                news = [.. latest.Values.Where(entry => entry.Version > seen).Select(entry => entry.Snapshot)];
                seen = version;
                next = changed.Task;
            }

            if (news.Length > 0)
            {
                yield return news;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Returns as soon as the resource satisfies the condition.</summary>
    public async Task WaitAsync(string name, Func<ResourceSnapshot, bool> condition, CancellationToken cancellationToken)
    {
        await foreach (var news in WatchAsync(cancellationToken))
        {
            if (news.Any(snapshot => string.Equals(snapshot.Name, name, StringComparison.Ordinal) && condition(snapshot)))
            {
                return;
            }
        }
    }

    private void Set(string name, Func<ResourceSnapshot?, ResourceSnapshot> change)
    {
        TaskCompletionSource signal;
        lock (gate)
        {
            var current = latest.GetValueOrDefault(name).Snapshot;
            var next = change(current);
            if (next.Equals(current))
            {
                return;
            }

            latest[name] = (next, ++version);
            signal = changed;
            changed = NewSignal();
        }

        signal.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
