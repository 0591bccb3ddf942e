using RagPlatform.Search.InMemory;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Storage.EmbeddedStore;

/// <summary>
/// One collection in memory, a copy of what the database says is visible. Readers take <see cref="Current"/> and never
/// wait for writers; writers hold <see cref="EnterAsync"/> over both the transaction and the copy, so that copies are
/// made in the order of commits.
/// </summary>
internal sealed class EmbeddedCollection(RetrievalOptions options, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Lock _versionsLock = new();
    private readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);
    private volatile ModelIndex? _current;

    /// <summary>Null until the collection has a model, with its first batch.</summary>
    public ModelIndex? Current => _current;

    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        return new Exit(_writing);
    }

    /// <summary>Begins an empty index where there is none, or where the collection, being empty, has changed its model.</summary>
    public void UseModel(string model, int dimension)
    {
        if (_current is null || _current.Model != model || _current.Chunks.Dimension != dimension)
        {
            // The former index is left to the collector: a search may still be in it.
            _current = new ModelIndex(model, new CollectionIndex<StoredChunk>(new InMemoryOptions { Dimension = dimension, TitleWeight = options.TitleWeight }, time));
        }
    }

    public bool Shows(string documentId, long version)
    {
        lock (_versionsLock)
        {
            return _versions.GetValueOrDefault(documentId) == version;
        }
    }

    public void Show(VisibleDocument document)
    {
        _current!.Chunks.Replace(document.Version.DocumentId, document.Chunks);
        lock (_versionsLock)
        {
            _versions[document.Version.DocumentId] = document.Version.Version;
        }
    }

    public void Hide(string documentId)
    {
        _current?.Chunks.Remove(documentId);
        lock (_versionsLock)
        {
            _versions.Remove(documentId);
        }
    }

    public void Dispose()
    {
        _current?.Chunks.Dispose();
        _writing.Dispose();
    }

    private sealed class Exit(SemaphoreSlim writing) : IDisposable
    {
        public void Dispose() => writing.Release();
    }
}

/// <summary>Vectors of one model and the chunks they stand for.</summary>
internal sealed record ModelIndex(string Model, CollectionIndex<StoredChunk> Chunks);
