using RagPlatform.Search.InMemory;
using System.Collections.Concurrent;
using Dapper;
using Microsoft.Data.Sqlite;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Search;
using RagPlatform.State;

namespace RagPlatform.Retrieval.Storage.EmbeddedStore;

/// <summary>
/// SQLite is the truth, an index in memory per collection answers. Every change is committed first and copied into the
/// index after: a crash in between is healed by opening, a failure in between by the message's redelivery.
/// </summary>
internal sealed class EmbeddedVectorStore(SqliteDatabase database, RetrievalOptions options, TimeProvider time) : IDocumentStore, IDisposable
{
    private readonly ConcurrentDictionary<CollectionKey, EmbeddedCollection> _collections = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsReady => _opened.Task.IsCompletedSuccessfully;

    public IndexSize Totals => IsReady
        ? _collections.Values.Select(collection => collection.Current?.Chunks.Size ?? default)
            .Aggregate(default(IndexSize), (sum, size) => new IndexSize(sum.Documents + size.Documents, sum.Chunks + size.Chunks))
        : default;

    /// <summary>Copies everything visible into memory, on all cores; the store is ready when this returns.</summary>
    public void Open(CancellationToken cancellationToken)
    {
        using var connection = database.OpenReader();
        foreach (var row in CollectionRow.All(connection).ToList())
        {
            var key = CollectionKey.Require(row.Tenant, row.Name);
            var collection = _collections.GetOrAdd(key, Create);
            collection.UseModel(row.Model, row.Dimension);
            Parallel.ForEach(
                Partitioner.Create(VisibleDocuments.All(connection, key), EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { CancellationToken = cancellationToken },
                collection.Show);
        }

        _opened.SetResult();
    }

    public async Task<StageOutcome> StageAsync(CollectionKey collection, ChunksEmbedded batch, CancellationToken cancellationToken)
    {
        await _opened.Task.WaitAsync(cancellationToken);
        var memory = _collections.GetOrAdd(collection, Create);
        using var writing = await memory.EnterAsync(cancellationToken);
        var (start, begin) = (time.GetUtcNow(), time.GetTimestamp());
        var outcome = await database.WriteAsync(
            (connection, transaction, _) => Task.FromResult(new BatchStaging(connection, transaction, collection, batch).Run()), cancellationToken);
        if (outcome is StageOutcome.Superseded)
        {
            return outcome;
        }

        if (outcome is StageOutcome.Staged)
        {
            memory.UseModel(batch.Model, batch.Dimension);
        }
        else if (!memory.Shows(batch.Document.DocumentId, batch.Version))
        {
            memory.UseModel(batch.Model, batch.Dimension);
            Refresh(memory, collection, batch.Document.DocumentId);
            RetrievalTelemetry.RecordSpan("switch version", start, time.GetElapsedTime(begin),
                new("rag.document.version", batch.Version), new("rag.chunk.count", batch.ChunkCount));
        }

        return outcome;
    }

    public async Task<bool> RemoveAsync(CollectionKey collection, string documentId, long version, CancellationToken cancellationToken)
    {
        await _opened.Task.WaitAsync(cancellationToken);
        var memory = _collections.GetOrAdd(collection, Create);
        using var writing = await memory.EnterAsync(cancellationToken);
        var removed = await database.WriteAsync(
            (connection, transaction, _) => Task.FromResult(DocumentRemoval.Run(connection, transaction, collection, documentId, version)), cancellationToken);
        if (!removed)
        {
            return false;
        }

        memory.Hide(documentId);
        RequireGone(memory, collection, documentId, version);
        return true;
    }

    public Task<InMemoryResult<StoredChunk>> SearchAsync(CollectionKey collection, string? model, InMemoryQuery query, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var index = Find(collection) ?? throw RetrievalErrors.CollectionNotFound(collection.Name);
        return model is null || model == index.Model
            ? Task.FromResult(index.Chunks.Search(query))
            : throw RetrievalErrors.CollectionChanged(collection.Name);
    }

    public Task<CollectionDescription?> DescribeAsync(CollectionKey collection, CancellationToken cancellationToken) =>
        Task.FromResult(Find(collection) is { } index ? Describe(collection, index) : null);

    public Task<IReadOnlyList<CollectionDescription>> ListAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        RequireReady();
        IReadOnlyList<CollectionDescription> collections =
        [
            .. from pair in _collections
               where pair.Key.Tenant == tenant && pair.Value.Current is not null
               orderby pair.Key.Name
               select Describe(pair.Key, pair.Value.Current!),
        ];
        return Task.FromResult(collections);
    }

    public void Dispose()
    {
        foreach (var collection in _collections.Values)
        {
            collection.Dispose();
        }

        database.Dispose();
    }

    private static CollectionDescription Describe(CollectionKey collection, ModelIndex index) =>
        new(collection.Name, index.Chunks.Size, index.Model, index.Chunks.Dimension);

    private EmbeddedCollection Create(CollectionKey key) => new(options, time);

    private ModelIndex? Find(CollectionKey collection)
    {
        RequireReady();
        return _collections.GetValueOrDefault(collection)?.Current;
    }

    private void RequireReady()
    {
        if (!IsReady)
        {
            throw RetrievalErrors.IndexOpening();
        }
    }

    private void Refresh(EmbeddedCollection memory, CollectionKey collection, string documentId)
    {
        using var connection = database.OpenReader();
        if (VisibleDocuments.Find(connection, collection, documentId) is { } document)
        {
            memory.Show(document);
        }
    }

    private void RequireGone(EmbeddedCollection memory, CollectionKey collection, string documentId, long version)
    {
        using var connection = database.OpenReader();
        var stored = DocumentRemoval.CountBelow(connection, collection, documentId, version);
        var indexed = memory.Current?.Chunks.Contains(documentId) ?? false;
        if (stored > 0 || indexed)
        {
            throw new InvalidOperationException($"{documentId} was removed but {stored} chunks are still stored and it is {(indexed ? "still" : "no longer")} indexed.");
        }
    }
}
