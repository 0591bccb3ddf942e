using RagPlatform.Search.Lexical;
using RagPlatform.Search.Vectors;

namespace RagPlatform.Search.InMemory;

/// <summary>
/// One collection in memory: BM25 and exact vectors over the same chunks, grouped by document. A document is replaced or
/// removed in one step: a search sees all of its old chunks or all of its new ones.
/// </summary>
/// <remarks>
/// A reader-writer lock, not snapshots: a search is a few milliseconds of computation without a wait in it, and what a
/// writer does inside the lock (the analysis is done before) is a fraction of that; snapshots of an inverted index that
/// changes in place would cost a copy of every touched posting list, or segments and their merging.
/// </remarks>
public sealed class CollectionIndex<TPayload> : IDisposable
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly InMemoryOptions _options;
    private readonly TimeProvider _time;
    private readonly TextAnalyzer _analyzer;
    private readonly InvertedIndex _lexical;
    private readonly FlatVectorIndex _vectors;
    private readonly ChunkTable<TPayload> _chunks = new();

    public CollectionIndex(InMemoryOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Dimension < 1 || options.TitleWeight < 1)
        {
            throw new ArgumentException($"Dimension {options.Dimension} and title weight {options.TitleWeight} must be at least 1.", nameof(options));
        }

        _options = options;
        _time = time;
        _analyzer = new TextAnalyzer(options.Analyzer);
        _lexical = new InvertedIndex(options.Bm25);
        _vectors = new FlatVectorIndex(options.Dimension);
    }

    public int Dimension => _options.Dimension;

    public IndexSize Size => Read(() => new IndexSize(_chunks.DocumentCount, _vectors.Count));

    public bool Contains(string documentId) => Read(() => _chunks.Contains(documentId));

    /// <summary>Puts the chunks in the place of whatever the document had. No chunks is a document that nothing finds.</summary>
    /// <exception cref="ArgumentException">A vector has another dimension; nothing has changed.</exception>
    public void Replace(string documentId, IReadOnlyList<IndexEntry<TPayload>> chunks)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        foreach (var chunk in chunks)
        {
            if (chunk.Vector.Length != Dimension)
            {
                throw new ArgumentException($"Chunk {chunk.ChunkId} has a vector of {chunk.Vector.Length} dimensions; the collection's have {Dimension}.", nameof(chunks));
            }
        }
        var terms = chunks.Select(TermsOf).ToArray();
        Write(() =>
        {
            Forget(documentId);
            var ids = _chunks.Add(documentId, chunks);
            for (var i = 0; i < ids.Length; i++)
            {
                _lexical.Add(ids[i], terms[i]);
                _vectors.Add(ids[i], chunks[i].Vector.Span);
            }
        });
    }

    /// <summary>Removes the document's chunks, if it has any.</summary>
    public void Remove(string documentId) => Write(() => Forget(documentId));

    /// <summary>Finds the chunks nearest to the query: each arm's best, scored by both arms, fused, best first.</summary>
    public InMemoryResult<TPayload> Search(InMemoryQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.TopK < 1)
        {
            throw new ArgumentException($"TopK {query.TopK} must be at least 1.", nameof(query));
        }

        var terms = new TermCounts();
        _analyzer.Analyze(query.Text, terms);
        return Read(() => new HybridSearch<TPayload>(_lexical, _vectors, _chunks, _time).Run(query, terms));
    }

    public void Dispose() => _lock.Dispose();

    private TermCounts TermsOf(IndexEntry<TPayload> chunk)
    {
        var terms = new TermCounts();
        _analyzer.Analyze(chunk.Title, terms, _options.TitleWeight);
        foreach (var heading in chunk.Headings)
        {
            _analyzer.Analyze(heading, terms);
        }

        _analyzer.Analyze(chunk.Text, terms);
        return terms;
    }

    private void Forget(string documentId)
    {
        var ids = _chunks.Remove(documentId);
        _lexical.Remove(ids);
        foreach (var id in ids)
        {
            _vectors.Remove(id);
        }
    }

    private T Read<T>(Func<T> read)
    {
        _lock.EnterReadLock();
        try
        {
            return read();
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    private void Write(Action write)
    {
        _lock.EnterWriteLock();
        try
        {
            write();
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }
}

/// <summary>What an index holds, both counted at the same moment.</summary>
public readonly record struct IndexSize(int Documents, int Chunks);
