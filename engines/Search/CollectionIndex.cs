using RagPlatform.Search.Files;
using RagPlatform.Search.Filters;
using RagPlatform.Search.Fusion;
using RagPlatform.Search.Segments;
using RagPlatform.Search.Segments.Log;
using RagPlatform.Search.Segments.Storage;

namespace RagPlatform.Search;

/// <summary>
/// A collection's index: durable, and never between two states. A write is durable and visible to every later read once
/// its task completes, and a read sees all of a document's version or nothing of it. Safe for concurrent use; readers
/// wait for no one. One process at a time may have an index open.
/// </summary>
/// <remarks>
/// Log-structured, after O'Neil et al., "The Log-Structured Merge-Tree", 1996, and Lucene: immutable segments, a
/// write-ahead log for those that are still in memory, and merges in the background. How segments and logs lie on disk
/// stands at SegmentLayout and LogFrameMark, what is done about damage at IndexRecovery.
/// </remarks>
public sealed class CollectionIndex : IAsyncDisposable
{
    /// <summary>Writes that are analysed or wait for the log at the same time; later ones wait for their turn.</summary>
    private const int MaxWritesInProgress = 64;

    /// <summary>Chunks in memory, in flushes: beyond this maintenance is not called or fails, and memory must not grow for it.</summary>
    private const int MaxFlushesBehind = 16;

    private readonly CollectionIndexOptions _options;
    private readonly IReadOnlyList<LostSegment> _lost;
    private readonly SegmentBuilder _builder;
    private readonly SnapshotSlot _slot;
    private readonly IndexWriter _writer;
    private readonly IndexMaintenance _maintenance;
    private readonly HybridSearch _search;
    private readonly SemaphoreSlim _writesInProgress = new(MaxWritesInProgress);
    private int _isClosed;

    private CollectionIndex(IndexFolder folder, CollectionIndexOptions options, TimeProvider time, SegmentBuilder builder, RecoveredIndex recovered)
    {
        _options = options;
        _lost = recovered.Lost;
        _builder = builder;
        _slot = new SnapshotSlot(recovered.Snapshot);
        _writer = new IndexWriter(_slot, builder, options, recovered.Log);
        _maintenance = new IndexMaintenance(folder, _slot, _writer, builder, options);
        _search = new HybridSearch(options, new Ranking(options.Ranking), time);
    }

    /// <summary>
    /// Opens what is in the files, or begins a new index. Every byte is verified; what is damaged is set aside and reported
    /// by <see cref="Describe"/>. Whoever knows which documents must be there compares that with <see cref="Documents"/>.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="IndexMismatchException">The index was made with another dimension or analysis.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static CollectionIndex Open(
        IIndexFiles files, CollectionIndexOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        IndexConfiguration.Check(options);
        var folder = new IndexFolder(files);
        var builder = new SegmentBuilder(options);
        return new CollectionIndex(folder, options, time, builder, new IndexRecovery(folder, builder, options).Run(cancellationToken));
    }

    /// <summary>Puts the version in the place of what the index has of the document. A version that is not above the held one changes nothing.</summary>
    /// <exception cref="ArgumentException">The document cannot be held; nothing has changed.</exception>
    /// <exception cref="IOException">
    /// The log cannot be written, or maintenance is far behind. The index is as it was; call <see cref="MaintainAsync"/> and try again.
    /// </exception>
    public async Task ReplaceAsync(IndexedDocument document, CancellationToken cancellationToken)
    {
        Check(document);
        await _writesInProgress.WaitAsync(cancellationToken);
        try
        {
            if (VersionOf(document.DocumentId) >= document.Version)
            {
                return;
            }

            CheckMemory();
            var segment = _builder.Build([document], cancellationToken);
            await _writer.CommitAsync(new PendingWrite(document.DocumentId, document.Version, segment), cancellationToken);
        }
        finally
        {
            _writesInProgress.Release();
        }
    }

    /// <summary>Takes the document out, if it is there.</summary>
    /// <exception cref="IOException">As with <see cref="ReplaceAsync"/>.</exception>
    public async Task RemoveAsync(string documentId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(documentId);
        await _writesInProgress.WaitAsync(cancellationToken);
        try
        {
            await _writer.CommitAsync(new PendingWrite(documentId, version: 0, segment: null), cancellationToken);
        }
        finally
        {
            _writesInProgress.Release();
        }
    }

    /// <summary>0 when the index does not hold the document.</summary>
    public long VersionOf(string documentId)
    {
        using var snapshot = _slot.Acquire();
        return snapshot.Find(documentId) is var (view, document) ? view.Segment.Documents.VersionOf(document) : 0;
    }

    /// <summary>All of one moment, in no order.</summary>
    public IReadOnlyList<HeldDocument> Documents()
    {
        using var snapshot = _slot.Acquire();
        var held = new List<HeldDocument>(snapshot.LiveDocuments);
        foreach (var view in snapshot.Segments)
        {
            foreach (var document in view.LiveDocuments)
            {
                var (first, until) = view.Segment.Documents.RowsOf(document);
                held.Add(new HeldDocument(view.Segment.Documents.IdOf(document), view.Segment.Documents.VersionOf(document), until - first));
            }
        }

        return held;
    }

    /// <summary>With chunks and vectors; null when the index does not hold the document.</summary>
    public IndexedDocument? Read(string documentId)
    {
        using var snapshot = _slot.Acquire();
        return snapshot.Find(documentId) is var (view, document) ? DocumentReading.Read(view.Segment, document) : null;
    }

    /// <exception cref="ArgumentException">The query cannot be answered; see <see cref="SearchQueryValidation"/>.</exception>
    /// <exception cref="FilterException">The filter cannot be evaluated.</exception>
    public SearchResult Search(SearchQuery query)
    {
        using var snapshot = _slot.Acquire();
        return _search.Run(snapshot, query);
    }

    /// <summary>Counts documents by the values of their fields.</summary>
    /// <param name="filter">Null counts every document.</param>
    /// <param name="maxValues">Of each field, at least 1.</param>
    /// <exception cref="FilterException">The filter cannot be evaluated.</exception>
    public FacetCounts CountFacets(IReadOnlyList<string> fields, Filter? filter, int maxValues)
    {
        using var snapshot = _slot.Acquire();
        return SnapshotFacets.Count(snapshot, fields, filter, maxValues);
    }

    public IndexDescription Describe()
    {
        using var snapshot = _slot.Acquire();
        var files = snapshot.Segments.Where(view => !view.Segment.IsInMemory).Sum(view => view.Segment.Bytes);
        return new IndexDescription(
            snapshot.LiveDocuments, snapshot.LiveChunks, snapshot.RowCount - snapshot.LiveChunks, files + _writer.Log.CommittedBytes,
            snapshot.Segments.Count, snapshot.Segments.Where(view => view.Segment.Vectors.HasGraph).Sum(view => view.LiveCount), _lost);
    }

    /// <summary>
    /// Does what is due: writes what is in memory to a file, merges files. To be called again and again, in the
    /// background: without it memory and log grow. Readers and writers go on meanwhile.
    /// </summary>
    /// <exception cref="IndexDamagedException">A file has gone bad on the disk: the index is to be opened anew.</exception>
    /// <exception cref="IOException">A step failed; nothing is lost, and the next call tries again.</exception>
    public Task MaintainAsync(CancellationToken cancellationToken) => _maintenance.RunAsync(cancellationToken);

    /// <summary>Writes what the index holds at this moment as an index of its own, verified. To restore it, open the copy.</summary>
    /// <param name="destination">Empty.</param>
    /// <exception cref="ArgumentException">There are files at the destination.</exception>
    /// <exception cref="IOException">The copy cannot be written or read back; what is there is no index.</exception>
    public async Task SnapshotAsync(IIndexFiles destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);
        using var snapshot = _slot.Acquire();
        await Task.Run(() => new IndexCopy(destination, _builder, _options).Write(snapshot, cancellationToken), cancellationToken);
    }

    /// <summary>Waits for writes in progress and cancels maintenance. Readers at work finish undisturbed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
        {
            return;
        }

        for (var i = 0; i < MaxWritesInProgress; i++)
        {
            await _writesInProgress.WaitAsync();
        }

        await _maintenance.CloseAsync();
        _slot.Dispose();
        _writer.Dispose();
        _maintenance.Dispose();
        // Those who came too late go on, and find the index closed.
        _writesInProgress.Release(MaxWritesInProgress);
    }

    private void CheckMemory()
    {
        using var snapshot = _slot.Acquire();
        var chunks = snapshot.Segments.Where(view => view.Segment.IsInMemory).Sum(view => view.Segment.RowCount);
        var limit = (long)MaxFlushesBehind * _options.FlushChunks;
        if (chunks > limit)
        {
            throw new IOException($"{chunks} chunks wait in memory for maintenance; the limit is {limit}. MaintainAsync is not called or fails.");
        }
    }

    private void Check(IndexedDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (document.DocumentId.Length == 0)
        {
            throw new ArgumentException("The document has no id.", nameof(document));
        }

        if (document.Version < 1)
        {
            throw new ArgumentException($"Version {document.Version} of document '{document.DocumentId}' must be at least 1.", nameof(document));
        }

        var misfit = document.Chunks.FirstOrDefault(chunk => chunk.Vector.Length != _options.Dimension);
        if (misfit is not null)
        {
            throw new ArgumentException(
                $"Chunk {misfit.ChunkId} has a vector of {misfit.Vector.Length} dimensions; the index holds vectors of {_options.Dimension}.", nameof(document));
        }
    }
}
