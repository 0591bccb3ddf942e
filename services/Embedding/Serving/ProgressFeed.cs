using System.Runtime.CompilerServices;
using RagPlatform.Embedding.Models;

namespace RagPlatform.Embedding.Serving;

/// <summary>
/// The progress of one preparation, for any number of readers, each from the beginning. Reports that differ from the
/// one before only in bytes replace it, so a slow reader sees every step but not every byte.
/// </summary>
internal sealed class ProgressFeed : IProgress<PullProgress>
{
    private const int MaxEntries = 256;

    private readonly Lock gate = new();
    private readonly List<PullProgress> entries = [];
    private TaskCompletionSource changed = NewSignal();
    private bool completed;

    public PullProgress? Latest
    {
        get
        {
            lock (gate)
            {
                return entries.LastOrDefault();
            }
        }
    }

    /// <summary>In one line: the step and how far it is.</summary>
    public string Status => Latest is not { } latest ? "starting"
        : latest.TotalBytes == 0 ? $"{latest.Step} {latest.Detail}"
        : $"{latest.Step} {latest.Detail}, {latest.DoneBytes} of {latest.TotalBytes} bytes";

    public void Report(PullProgress value)
    {
        lock (gate)
        {
            if (entries.Count == MaxEntries || entries.LastOrDefault() is { } last && last.Step == value.Step && last.Detail == value.Detail)
            {
                entries[^1] = value;
            }
            else
            {
                entries.Add(value);
            }

            Signal();
        }
    }

    public void Complete()
    {
        lock (gate)
        {
            completed = true;
            Signal();
        }
    }

    public async IAsyncEnumerable<PullProgress> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = 0;
        PullProgress? last = null;
        while (true)
        {
            List<PullProgress> news;
            Task next;
            bool ended;
            lock (gate)
            {
                var replaced = seen > 0 && !ReferenceEquals(entries[seen - 1], last);
                news = entries[(replaced ? seen - 1 : seen)..];
                seen = entries.Count;
                last = entries.LastOrDefault();
                next = changed.Task;
                ended = completed;
            }

            foreach (var entry in news)
            {
                yield return entry;
            }

            if (ended)
            {
                yield break;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    private void Signal()
    {
        changed.SetResult();
        changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
