using System.Collections.Immutable;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <param name="Revision">Of the points that searches see.</param>
internal sealed record VisibleRevision(long Version, string Revision, int ChunkCount);

/// <summary>
/// Which revision of each document searches see, by document id. A search takes the map as it is and keeps it to its end; what
/// it may still see is not deleted before. So a search sees every document as it was at one moment, though Qdrant knows
/// no transactions.
/// </summary>
internal sealed class VisibleRevisions(ImmutableDictionary<string, VisibleRevision> opened)
{
    private readonly Lock _gate = new();
    private readonly List<Snapshot> _retired = [];
    private Snapshot _current = new(opened);

    /// <summary>As of now.</summary>
    public ImmutableDictionary<string, VisibleRevision> Now
    {
        get
        {
            lock (_gate)
            {
                return _current.Documents;
            }
        }
    }

    /// <summary>To be disposed when the search has ended: deletions wait for it.</summary>
    public Reading Read()
    {
        lock (_gate)
        {
            _current.Readers++;
            return new Reading(this, _current);
        }
    }

    /// <returns>Completes when the searches that began before have ended.</returns>
    public Task Set(string documentId, VisibleRevision revision) => Switch(documents => documents.SetItem(documentId, revision));

    /// <inheritdoc cref="Set"/>
    public Task Remove(string documentId) => Switch(documents => documents.Remove(documentId));

    private Task Switch(Func<ImmutableDictionary<string, VisibleRevision>, ImmutableDictionary<string, VisibleRevision>> change)
    {
        lock (_gate)
        {
            if (_current.Readers > 0)
            {
                _retired.Add(_current);
            }

            _current = new Snapshot(change(_current.Documents));
            return Task.WhenAll(_retired.Select(snapshot => snapshot.Drained.Task));
        }
    }

    private void Leave(Snapshot snapshot)
    {
        lock (_gate)
        {
            if (--snapshot.Readers == 0 && _retired.Remove(snapshot))
            {
                snapshot.Drained.SetResult();
            }
        }
    }

    private sealed class Snapshot(ImmutableDictionary<string, VisibleRevision> documents)
    {
        public ImmutableDictionary<string, VisibleRevision> Documents => documents;

        public int Readers { get; set; }

        public TaskCompletionSource Drained { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    internal sealed class Reading : IDisposable
    {
        private readonly Snapshot _snapshot;
        private VisibleRevisions? _owner;

        internal Reading(VisibleRevisions owner, object snapshot) => (_owner, _snapshot) = (owner, (Snapshot)snapshot);

        public ImmutableDictionary<string, VisibleRevision> Documents => _snapshot.Documents;

        public bool Sees(string? documentId, string? revision) =>
            documentId is not null && _snapshot.Documents.TryGetValue(documentId, out var visible) && visible.Revision == revision;

        public void Dispose() => Interlocked.Exchange(ref _owner, null)?.Leave(_snapshot);
    }
}
