using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using RagPlatform.Search;
using RagPlatform.Search.Files;
using RagPlatform.Search.Filters;

namespace RagPlatform.Retrieval.Storage.EmbeddedStore;

/// <summary>Indexes in files of this machine, searched in this process: one <see cref="CollectionIndex"/> each.</summary>
internal sealed class EmbeddedVectorStore(
    IndexFolders folders, IOptions<RetrievalOptions> options, TimeProvider time, ILogger<EmbeddedVectorStore> logger) : IVectorStore, IAsyncDisposable
{
    private const string SnapshotIndexFolder = "index";
    private const string SnapshotOptionsFile = "options.json";

    private readonly ConcurrentDictionary<IndexKey, OpenIndex> _indexes = new();
    private readonly SemaphoreSlim _managing = new(1, 1);

    public string Name => RetrievalOptions.EmbeddedStore;

    /// <summary>Bytes of the logs and files of all indexes, and the parts they are in.</summary>
    public (long DiskBytes, int Segments) Size => _indexes.Values.Select(open => open.Index.Describe())
        .Aggregate((0L, 0), (sum, index) => (sum.Item1 + index.DiskBytes, sum.Item2 + index.Segments));

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _managing.WaitAsync(cancellationToken);
        try
        {
            await Parallel.ForEachAsync(
                folders.List().Where(index => !_indexes.ContainsKey(index)), cancellationToken,
                (index, cancellation) =>
                {
                    if (folders.ReadOptions(index) is { } stored)
                    {
                        Open(index, stored, cancellation);
                    }

                    return ValueTask.CompletedTask;
                });
        }
        finally
        {
            _managing.Release();
        }
    }

    public async Task CreateAsync(IndexKey index, IndexSettings settings, CancellationToken cancellationToken)
    {
        await _managing.WaitAsync(cancellationToken);
        try
        {
            if (!_indexes.ContainsKey(index))
            {
                var made = IndexConfiguration.Of(settings, options.Value);
                folders.WriteOptions(index, made);
                Open(index, made, cancellationToken);
            }
        }
        finally
        {
            _managing.Release();
        }
    }

    public async Task DropAsync(IndexKey index, CancellationToken cancellationToken)
    {
        await _managing.WaitAsync(cancellationToken);
        try
        {
            if (_indexes.TryRemove(index, out var open))
            {
                await open.DisposeAsync();
            }

            folders.Delete(index);
        }
        finally
        {
            _managing.Release();
        }
    }

    public Task<IReadOnlyList<IndexKey>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<IndexKey>>([.. _indexes.Keys]);

    public Task ReplaceAsync(IndexKey index, IndexedDocument document, CancellationToken cancellationToken) =>
        WriteAsync(index, open => open.ReplaceAsync(document, cancellationToken));

    public async Task RemoveAsync(IndexKey index, string documentId, CancellationToken cancellationToken)
    {
        await WriteAsync(index, open => open.RemoveAsync(documentId, cancellationToken));
        if (await FindVersionAsync(index, documentId, cancellationToken) != 0)
        {
            throw new InvalidOperationException($"{documentId} was removed but is still in {index}.");
        }
    }

    public Task<long> FindVersionAsync(IndexKey index, string documentId, CancellationToken cancellationToken) =>
        Ask(index, open => open.VersionOf(documentId));

    public async IAsyncEnumerable<HeldDocument> ListDocumentsAsync(IndexKey index, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var document in await Ask(index, open => open.Documents()))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return document;
        }
    }

    public Task<IndexedDocument?> ReadDocumentAsync(IndexKey index, string documentId, CancellationToken cancellationToken) =>
        Ask(index, open => open.Read(documentId));

    public Task<SearchResult> SearchAsync(IndexKey index, SearchQuery query, CancellationToken cancellationToken) =>
        Ask(index, open => open.Search(query));

    public Task<FacetCounts> CountFacetsAsync(IndexKey index, IReadOnlyList<string> fields, Filter? filter, int maxValues, CancellationToken cancellationToken) =>
        Ask(index, open => open.CountFacets(fields, filter, maxValues));

    public Task<IndexDescription> DescribeAsync(IndexKey index, CancellationToken cancellationToken) => Ask(index, open => open.Describe());

    /// <summary>Writes what searches see at this moment into a folder, verified.</summary>
    public async Task SnapshotAsync(IndexKey index, string folder, CancellationToken cancellationToken)
    {
        await Find(index).Index.SnapshotAsync(new DirectoryIndexFiles(Path.Combine(folder, SnapshotIndexFolder)), cancellationToken);
        folders.CopyOptions(index, Path.Combine(folder, SnapshotOptionsFile));
    }

    /// <summary>A new index of what a snapshot holds; what of it is damaged is told by <see cref="DescribeAsync"/>.</summary>
    public async Task RestoreAsync(IndexKey index, string folder, CancellationToken cancellationToken)
    {
        await _managing.WaitAsync(cancellationToken);
        try
        {
            await folders.RestoreAsync(index, Path.Combine(folder, SnapshotIndexFolder), Path.Combine(folder, SnapshotOptionsFile), cancellationToken);
            var made = folders.ReadOptions(index) ?? throw RetrievalErrors.SnapshotDamaged(Path.GetFileName(folder), $"{SnapshotOptionsFile} cannot be read");
            Open(index, made, cancellationToken);
        }
        finally
        {
            _managing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var index in _indexes.Keys)
        {
            if (_indexes.TryRemove(index, out var open))
            {
                await open.DisposeAsync();
            }
        }

        _managing.Dispose();
    }

    private void Open(IndexKey index, CollectionIndexOptions made, CancellationToken cancellationToken) =>
        _indexes[index] = new OpenIndex(folders.Open(index, made, time, cancellationToken), time, logger);

    private OpenIndex Find(IndexKey index) => _indexes.GetValueOrDefault(index) ?? throw RetrievalErrors.CollectionChanged(index.Collection.Name);

    private async Task WriteAsync(IndexKey index, Func<CollectionIndex, Task> write)
    {
        try
        {
            await write(Find(index).Index);
        }
        catch (ObjectDisposedException)
        {
            throw RetrievalErrors.CollectionChanged(index.Collection.Name);
        }
        catch (IOException exception)
        {
            throw RetrievalErrors.IndexNotWritten(index.Collection.Name, exception);
        }
    }

    private Task<T> Ask<T>(IndexKey index, Func<CollectionIndex, T> question)
    {
        try
        {
            return Task.FromResult(question(Find(index).Index));
        }
        catch (ObjectDisposedException)
        {
            return Task.FromException<T>(RetrievalErrors.CollectionChanged(index.Collection.Name));
        }
    }
}
