namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>One writer at a time for each document. Documents share a fixed number of locks, so that there is nothing to clear away.</summary>
internal sealed class DocumentLocks
{
    private const int Locks = 64;

    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, Locks).Select(_ => new SemaphoreSlim(1))];

    /// <returns>To be disposed to leave.</returns>
    public async Task<IDisposable> EnterAsync(string documentId, CancellationToken cancellationToken)
    {
        var entered = _locks[(uint)StringComparer.Ordinal.GetHashCode(documentId) % Locks];
        await entered.WaitAsync(cancellationToken);
        return new Entered(entered);
    }

    private sealed class Entered(SemaphoreSlim entered) : IDisposable
    {
        private SemaphoreSlim? _entered = entered;

        public void Dispose() => Interlocked.Exchange(ref _entered, null)?.Release();
    }
}
