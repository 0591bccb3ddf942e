using Microsoft.Extensions.Options;
using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Features.ProcessDocument;

/// <summary>
/// The document versions between embedding and indexed, at most <see cref="IngestionOptions.MaxDocumentsInFlight"/>:
/// without it a fast extractor would fill the bus with chunks that the model cannot keep up with. Only in memory: after
/// a restart the unfinished versions enter again.
/// </summary>
public sealed class DocumentsInFlight(IOptions<IngestionOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DocumentKey, long> _versions = [];
    private readonly LinkedList<TaskCompletionSource> _waiting = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _versions.Count;
            }
        }
    }

    /// <summary>This version, or a newer one of the document, is inside.</summary>
    public bool Contains(DocumentKey key, long version)
    {
        lock (_lock)
        {
            return _versions.TryGetValue(key, out var inside) && inside >= version;
        }
    }

    /// <summary>Waits for a place. A document takes one, whichever of its versions came last.</summary>
    public async Task EnterAsync(DocumentKey key, long version, CancellationToken cancellationToken)
    {
        while (true)
        {
            LinkedListNode<TaskCompletionSource> place;
            lock (_lock)
            {
                if (_versions.TryGetValue(key, out var inside))
                {
                    _versions[key] = Math.Max(inside, version);
                    if (_versions.Count < options.Value.MaxDocumentsInFlight)
                    {
                        // It may have been woken for a place that it does not need.
                        WakeNext();
                    }

                    return;
                }

                if (_versions.Count < options.Value.MaxDocumentsInFlight)
                {
                    _versions[key] = version;
                    return;
                }

                place = _waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            try
            {
                await place.Value.Task.WaitAsync(cancellationToken);
            }
            catch
            {
                GiveUp(place);
                throw;
            }
        }
    }

    /// <summary>Frees the document's place if this version, or an older one, holds it.</summary>
    public void Leave(DocumentKey key, long version)
    {
        lock (_lock)
        {
            if (_versions.TryGetValue(key, out var inside) && inside <= version && _versions.Remove(key))
            {
                WakeNext();
            }
        }
    }

    private void GiveUp(LinkedListNode<TaskCompletionSource> place)
    {
        lock (_lock)
        {
            if (place.List is not null)
            {
                _waiting.Remove(place);
            }
            else
            {
                WakeNext();
            }
        }
    }

    private void WakeNext()
    {
        if (_waiting.First is { } next)
        {
            _waiting.RemoveFirst();
            next.Value.TrySetResult();
        }
    }
}
