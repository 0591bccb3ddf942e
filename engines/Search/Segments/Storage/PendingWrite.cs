using RagPlatform.Search.Files;

namespace RagPlatform.Search.Segments.Storage;

/// <summary>A write on its way into the log.</summary>
/// <param name="version">Of no meaning to a removal.</param>
/// <param name="segment">Of the document alone, this write's from now on; null: the document is removed.</param>
internal sealed class PendingWrite(string documentId, long version, MemoryBytes? segment)
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Withdrawn = 2;

    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state = Waiting;

    public string DocumentId => documentId;

    public long Version => version;

    public MemoryBytes? Segment => segment;

    public Task Completion => _completion.Task;

    /// <summary>False when it was withdrawn.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>False when it is being committed.</summary>
    public bool TryWithdraw()
    {
        if (Interlocked.CompareExchange(ref _state, Withdrawn, Waiting) != Waiting)
        {
            return false;
        }

        segment?.Dispose();
        return true;
    }

    public void Succeed() => _completion.TrySetResult();

    public void Fail(Exception exception) => _completion.TrySetException(exception);
}
