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
    /// <summary>Hidden ones that are kept track of: each makes the searches' filters longer.</summary>
    private const int MaxHidden = 256;

    private readonly Lock _gate = new();
    private readonly List<Snapshot> _retired = [];
    private Snapshot _current = new(opened);

    // Document ids by revision.
    private ImmutableDictionary<string, string> _hidden = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);

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
            return new Reading(this, _current, _hidden);
        }
    }

    /// <summary>Says that points of a revision are about to be written that no search is to see yet.</summary>
    public void Hide(string documentId, string revision)
    {
        lock (_gate)
        {
            AddHidden(documentId, revision);
        }
    }

    /// <summary>Makes a revision visible and hides what was.</summary>
    /// <returns>Completes when the searches that began before have ended.</returns>
    public Task Set(string documentId, VisibleRevision revision)
    {
        lock (_gate)
        {
            _hidden = _hidden.Remove(revision.Revision);
            return Switch(documentId, documents => documents.SetItem(documentId, revision));
        }
    }

    /// <summary>Hides the document.</summary>
    /// <inheritdoc cref="Set" path="/returns"/>
    public Task Remove(string documentId)
    {
        lock (_gate)
        {
            return Switch(documentId, documents => documents.Remove(documentId));
        }
    }

    /// <summary>Says that nothing is left of the document's hidden revisions.</summary>
    public void ForgetHidden(string documentId)
    {
        lock (_gate)
        {
            _hidden = _hidden.RemoveRange(_hidden.Where(hidden => hidden.Value == documentId).Select(hidden => hidden.Key));
        }
    }

    private Task Switch(string documentId, Func<ImmutableDictionary<string, VisibleRevision>, ImmutableDictionary<string, VisibleRevision>> change)
    {
        if (_current.Documents.TryGetValue(documentId, out var before))
        {
            AddHidden(documentId, before.Revision);
        }

        if (_current.Readers > 0)
        {
            _retired.Add(_current);
        }

        _current = new Snapshot(change(_current.Documents));
        return Task.WhenAll(_retired.Select(snapshot => snapshot.Drained.Task));
    }

    private void AddHidden(string documentId, string revision)
    {
        if (_hidden.Count < MaxHidden)
        {
            _hidden = _hidden.SetItem(revision, documentId);
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

    internal sealed class Snapshot(ImmutableDictionary<string, VisibleRevision> documents)
    {
        public ImmutableDictionary<string, VisibleRevision> Documents => documents;

        public int Readers { get; set; }

        public TaskCompletionSource Drained { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    internal sealed class Reading(VisibleRevisions owner, Snapshot snapshot, ImmutableDictionary<string, string> hidden) : IDisposable
    {
        private VisibleRevisions? _owner = owner;

        public ImmutableDictionary<string, VisibleRevision> Documents => snapshot.Documents;

        /// <summary>Revisions that have or had points and are not to be seen: most of them, perhaps not all.</summary>
        public IReadOnlyList<string> Hidden => [.. hidden.Keys];

        public bool Sees(string? documentId, string? revision) =>
            documentId is not null && snapshot.Documents.TryGetValue(documentId, out var visible) && visible.Revision == revision;

        public void Dispose() => Interlocked.Exchange(ref _owner, null)?.Leave(snapshot);
    }
}
