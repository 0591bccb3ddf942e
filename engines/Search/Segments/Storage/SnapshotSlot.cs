namespace RagPlatform.Search.Segments.Storage;

/// <summary>The current snapshot. Anyone may acquire it at any time, without a lock; one writer at a time publishes.</summary>
internal sealed class SnapshotSlot(IndexSnapshot first) : IDisposable
{
    private IndexSnapshot? _current = first;

    /// <summary>For the writer alone: no one else can retire it meanwhile.</summary>
    public IndexSnapshot Current => _current ?? throw Closed();

    /// <summary>Disposed by the caller.</summary>
    /// <exception cref="ObjectDisposedException">The index is closed.</exception>
    public IndexSnapshot Acquire()
    {
        while (true)
        {
            // What was retired between the two steps is simply not the current one any more.
            var current = Volatile.Read(ref _current) ?? throw Closed();
            if (current.TryAcquire())
            {
                return current;
            }
        }
    }

    public void Publish(IndexSnapshot next) => Interlocked.Exchange(ref _current, next)?.Dispose();

    public void Dispose() => Interlocked.Exchange(ref _current, null)?.Dispose();

    private static ObjectDisposedException Closed() => new(nameof(CollectionIndex), "The index is closed.");
}
