using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using RagPlatform.Grpc.Errors;
using RagPlatform.Search;
using RagPlatform.Search.Files;
using RagPlatform.Search.Filters;

namespace RagPlatform.Retrieval.Storage.EmbeddedStore;

/// <summary>Indexes in files of this machine, searched in this process: one <see cref="CollectionIndex"/> each.</summary>
internal sealed partial class EmbeddedVectorStore(
    IndexFolders folders, IOptions<RetrievalOptions> options, TimeProvider time, ILogger<EmbeddedVectorStore> logger) : IVectorStore, IAsyncDisposable
{
    private const string SnapshotIndexFolder = "index";
    private const string SnapshotOptionsFile = "options.json";

    private readonly ConcurrentDictionary<IndexKey, OpenIndex> _indexes = new();

    /// <summary>Indexes that could not be opened, or are being opened anew, and why.</summary>
    private readonly ConcurrentDictionary<IndexKey, ServiceException> _faults = new();
    private readonly SemaphoreSlim _managing = new(1, 1);

    public string Name => RetrievalOptions.EmbeddedStore;

    /// <summary>Bytes of the logs and files of all indexes, and the parts they are in.</summary>
    public (long DiskBytes, int Segments) Size => _indexes.Values.Select(SizeOf)
        .Aggregate((0L, 0), (sum, index) => (sum.Item1 + index.DiskBytes, sum.Item2 + index.Segments));

    /// <summary>False: <see cref="CreateAsync"/> opens it, or says why it cannot.</summary>
    public bool IsIntact(IndexKey index) => _indexes.TryGetValue(index, out var open) && !open.IsDamaged;

    /// <summary>One index that cannot be opened does not keep the others closed.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _managing.WaitAsync(cancellationToken);
        try
        {
            await Parallel.ForEachAsync(
                folders.List().Where(index => !_indexes.ContainsKey(index)), cancellationToken,
                (index, cancellation) =>
                {
                    try
                    {
                        OpenStored(index, cancellation);
                    }
                    catch (ServiceException exception)
                    {
                        LogNotOpened(logger, index, exception);
                    }

                    return ValueTask.CompletedTask;
                });
        }
        finally
        {
            _managing.Release();
        }
    }

    /// <summary>Opens what is there already and is not open; one that was damaged is opened anew.</summary>
    /// <exception cref="ServiceException">It cannot be opened.</exception>
    public async Task CreateAsync(IndexKey index, IndexSettings settings, CancellationToken cancellationToken)
    {
        await _managing.WaitAsync(cancellationToken);
        try
        {
            if (IsIntact(index))
            {
                return;
            }

            if (_indexes.TryGetValue(index, out var damaged))
            {
                _faults[index] = RetrievalErrors.IndexReopening(index.Collection.Name);
                _indexes.TryRemove(index, out _);
                await damaged.DisposeAsync();
            }

            if (!OpenStored(index, cancellationToken))
            {
                var made = Guard(index, () => folders.WriteOptions(index, IndexConfiguration.Of(settings, options.Value)));
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

            _faults.TryRemove(index, out _);
            folders.Delete(index);
        }
        finally
        {
            _managing.Release();
        }
    }

    public Task<IReadOnlyList<IndexKey>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<IndexKey>>([.. _indexes.Keys.Union(_faults.Keys)]);

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
        // Of a generation that no one else knows yet: others need not wait for so long a copy.
        await folders.RestoreAsync(index, Path.Combine(folder, SnapshotIndexFolder), Path.Combine(folder, SnapshotOptionsFile), cancellationToken);
        await _managing.WaitAsync(cancellationToken);
        try
        {
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

    private static (long DiskBytes, int Segments) SizeOf(OpenIndex open)
    {
        try
        {
            var index = open.Index.Describe();
            return (index.DiskBytes, index.Segments);
        }
        catch (ObjectDisposedException)
        {
            // Dropped meanwhile.
            return default;
        }
    }

    /// <summary>False when there is no such index, or its options are lost: it begins anew.</summary>
    private bool OpenStored(IndexKey index, CancellationToken cancellationToken)
    {
        var stored = Guard(index, () => folders.ReadOptions(index));
        if (stored is not null)
        {
            Open(index, stored, cancellationToken);
        }

        return stored is not null;
    }

    private void Open(IndexKey index, CollectionIndexOptions made, CancellationToken cancellationToken)
    {
        _indexes[index] = Guard(index, () => new OpenIndex(index, folders.Open(index, made, time, cancellationToken), time, logger));
        _faults.TryRemove(index, out _);
    }

    private T Guard<T>(IndexKey index, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw _faults[index] = RetrievalErrors.IndexNotOpened(index.Collection.Name, exception);
        }
    }

    private OpenIndex Find(IndexKey index) => _indexes.GetValueOrDefault(index)
        ?? throw (_faults.GetValueOrDefault(index) ?? RetrievalErrors.CollectionChanged(index.Collection.Name));

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

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "{Index} cannot be opened; the others are, and it is tried again")]
    private static partial void LogNotOpened(ILogger logger, IndexKey index, Exception exception);
}
