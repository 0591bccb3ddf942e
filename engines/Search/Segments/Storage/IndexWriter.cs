using RagPlatform.Search.Segments.Log;

namespace RagPlatform.Search.Segments.Storage;

/// <summary>
/// The one way an index changes. Writes that wait together become one frame of the log and one flush; then all of them
/// are published in one step. Whoever comes first commits for the others.
/// </summary>
internal sealed class IndexWriter(SnapshotSlot slot, SegmentBuilder builder, CollectionIndexOptions options, LogWriter log) : IDisposable
{
    /// <summary>A log longer than this is due to be replaced, in bytes.</summary>
    public const long MaxLogBytes = 64 << 20;

    /// <summary>Of one frame.</summary>
    private const int MaxOperations = 256;

    private readonly SemaphoreSlim _section = new(1, 1);
    private readonly Queue<PendingWrite> _pending = new();
    private TaskCompletionSource _flushDue = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Written to. Changed only in the writer's section.</summary>
    public LogWriter Log { get; private set; } = log;

    /// <summary>Completes when what is in memory should become a file.</summary>
    public Task FlushDue => Volatile.Read(ref _flushDue).Task;

    /// <summary>Durable and visible once this completes; nothing changed when it fails.</summary>
    /// <exception cref="IOException">The log could not be written. The write may yet turn up after a crash.</exception>
    /// <exception cref="OperationCanceledException">Before anything was done.</exception>
    public async Task CommitAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        lock (_pending)
        {
            _pending.Enqueue(write);
        }

        try
        {
            await _section.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!write.TryWithdraw())
        {
            // Someone else is committing it already; what becomes of it is what counts.
            await write.Completion;
            return;
        }

        try
        {
            while (!write.Completion.IsCompleted)
            {
                CommitBatch(TakeBatch());
            }
        }
        finally
        {
            _section.Release();
        }

        await write.Completion;
    }

    /// <summary>Runs while no one writes. Must be short.</summary>
    public async Task<T> ExclusivelyAsync<T>(Func<T> run, CancellationToken cancellationToken)
    {
        await _section.WaitAsync(cancellationToken);
        try
        {
            return run();
        }
        finally
        {
            _section.Release();
        }
    }

    /// <summary>In the writer's section. The former log is the caller's to close.</summary>
    public void ContinueIn(LogWriter next)
    {
        Log = next;
        Volatile.Write(ref _flushDue, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    /// <summary>Once no one writes any more.</summary>
    public void Dispose()
    {
        Log.Close();
        Log.Dispose();
        _section.Dispose();
    }

    private List<PendingWrite> TakeBatch()
    {
        var batch = new List<PendingWrite>();
        var bytes = 0L;
        lock (_pending)
        {
            while (batch.Count < MaxOperations && bytes < MaxLogBytes && _pending.TryDequeue(out var write))
            {
                if (write.TryTake())
                {
                    batch.Add(write);
                    bytes += write.Segment?.Length ?? 0;
                }
            }
        }

        return batch;
    }

    private void CommitBatch(List<PendingWrite> batch)
    {
        try
        {
            // Also before writes that would change nothing: a failed one may come back, and then they would have.
            Log.ThrowIfFailed();
            using var draft = new SnapshotDraft(slot.Current.Segments);
            var operations = Apply(batch, draft);
            if (operations.Count > 0)
            {
                Publish(operations, draft);
            }

            batch.ForEach(write => write.Succeed());
        }
#pragma warning disable CA1031 // Whatever went wrong, each of those who wait must hear of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            batch.ForEach(write => write.Fail(exception));
        }

        if (Log.HasFailed || Log.CommittedBytes > MaxLogBytes || ChunksInMemory() >= options.FlushChunks)
        {
            _flushDue.TrySetResult();
        }

        MergeInMemory();
    }

    /// <summary>Nothing can fail between the log and the slot: what is in the log is seen.</summary>
    private void Publish(List<LogOperation> operations, SnapshotDraft draft)
    {
        var next = new IndexSnapshot(draft.Views);
        try
        {
            Log.Append(operations);
        }
        catch
        {
            next.Dispose();
            throw;
        }

        slot.Publish(next);
    }

    private void MergeInMemory()
    {
        using var draft = new SnapshotDraft(slot.Current.Segments);
        if (builder.MergeInMemory(draft, options.FlushChunks))
        {
            slot.Publish(draft.Complete());
        }
    }

    private static List<LogOperation> Apply(List<PendingWrite> batch, SnapshotDraft draft)
    {
        var operations = new List<LogOperation>(batch.Count);
        foreach (var write in batch)
        {
            if (write.Segment is not { } bytes)
            {
                if (draft.Remove(write.DocumentId))
                {
                    operations.Add(new LogOperation(write.DocumentId, null));
                }
            }
            else if (draft.VersionOf(write.DocumentId) < write.Version)
            {
                draft.Replace(write.DocumentId, new Segment(bytes));
                operations.Add(new LogOperation(write.DocumentId, bytes));
            }
            else
            {
                bytes.Dispose();
            }
        }

        return operations;
    }

    private int ChunksInMemory() => slot.Current.Segments.Where(view => view.Segment is { IsInMemory: true, IsClaimed: false }).Sum(view => view.Segment.RowCount);
}
