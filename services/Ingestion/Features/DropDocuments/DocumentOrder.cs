using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Features.DropDocuments;

/// <summary>Runs works of different documents at once, and those of one document one after the other, in the order of the calls.</summary>
public sealed class DocumentOrder
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DocumentKey, Task> _last = [];
    private readonly HashSet<Task> _running = [];

    /// <summary>Works that have not ended.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _running.Count;
            }
        }
    }

    /// <param name="document">Null for a work that belongs to no document.</param>
    /// <param name="work">Must not throw.</param>
    public void Run(DocumentKey? document, Func<Task> work)
    {
        lock (_lock)
        {
            var former = document is not null && _last.TryGetValue(document, out var last) ? last : Task.CompletedTask;
            var run = Task.Run(async () =>
            {
                await former;
                await work();
            });
            _running.Add(run);
            if (document is not null)
            {
                _last[document] = run;
            }

            _ = run.ContinueWith(_ => End(document, run), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Returns when no work runs any more.</summary>
    public Task WhenIdleAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll(_running);
        }
    }

    private void End(DocumentKey? document, Task run)
    {
        lock (_lock)
        {
            _running.Remove(run);
            if (document is not null && _last.TryGetValue(document, out var last) && last == run)
            {
                _last.Remove(document);
            }
        }
    }
}
