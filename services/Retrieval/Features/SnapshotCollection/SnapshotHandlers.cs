using RagPlatform.Retrieval.Features.DescribeCollection;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;
using RagPlatform.Retrieval.Storage.EmbeddedStore;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Features.SnapshotCollection;

/// <summary>Writes what searches see of a collection at this moment, so that it can be restored.</summary>
internal sealed class SnapshotCollectionHandler(Collections collections, VectorStores stores, EmbeddedVectorStore store, SnapshotFolders folders, TimeProvider time)
{
    /// <exception cref="Grpc.Errors.ServiceException">There is no such collection, it is empty, or another store has it.</exception>
    public async Task<(string Snapshot, long Bytes)> HandleAsync(CollectionKey name, CancellationToken cancellationToken)
    {
        await stores.WaitUntilOpenAsync(store.Name, cancellationToken);
        var collection = collections.Require(name);
        var index = collection.Index ?? throw RetrievalErrors.CollectionEmpty(collection.Key.Name);
        if (index.Store != store.Name)
        {
            throw RetrievalErrors.SnapshotNotSupported(collection.Key.Name, index.Store);
        }

        var snapshot = SnapshotFolders.NameOf(collection.Key, time.GetUtcNow());
        var description = new SnapshotDescription(
            collection.Key.Name, index.Settings.Model, index.Settings.Dimension, index.ConfigurationHash, collection.Defaults.Fusion,
            collection.Defaults.VectorWeight, collection.Defaults.RerankModel, collection.Defaults.RerankCandidates, collection.Defaults.Chunking);
        try
        {
            var bytes = await folders.WriteAsync(
                collection.Key.Tenant, snapshot, description, folder => store.SnapshotAsync(index.Key, folder, cancellationToken), cancellationToken);
            return (snapshot, bytes);
        }
        catch (IOException exception)
        {
            throw RetrievalErrors.SnapshotNotWritten(snapshot, exception);
        }
    }
}

/// <summary>Makes a collection of a snapshot. What it held is seen again, also what has been deleted since: whoever restores wants just that.</summary>
internal sealed class RestoreCollectionHandler(
    Collections collections, CatalogueDatabase catalogue, VectorStores stores, EmbeddedVectorStore store, SnapshotFolders folders, Indexes indexes, DescribeCollectionHandler describe)
{
    /// <param name="collectionName">The snapshot's own when empty.</param>
    /// <exception cref="Grpc.Errors.ServiceException">There is no such snapshot, it is damaged, or the name is taken.</exception>
    public async Task<CollectionDescription> HandleAsync(Tenant tenant, string snapshot, string collectionName, CancellationToken cancellationToken)
    {
        await stores.WaitUntilOpenAsync(store.Name, cancellationToken);
        var description = folders.Read(tenant, snapshot);
        var collection = CollectionKey.Require(tenant.Name, collectionName.Length == 0 ? description.Collection : collectionName);
        using var held = await collections.HoldAsync(collection, cancellationToken);
        if (held.Current is not null || collections.TargetOf(collection) is not null)
        {
            throw RetrievalErrors.CollectionExists(collection.Name, held.Current is null ? "an alias" : "a collection");
        }

        var settings = new IndexSettings(description.Model, description.Dimension);
        var index = await catalogue.WriteAsync(
            session => IndexTable.Add(session, collection, store.Name, settings, description.ConfigurationHash), cancellationToken);
        try
        {
            held.Current = await RestoreAsync(index, folders.PathOf(tenant, snapshot), snapshot, description, cancellationToken);
        }
        catch
        {
            await catalogue.WriteAsync(session => IndexTable.MarkDropped(session, index.Key.Generation), CancellationToken.None);
            await indexes.DropUnusedAsync(CancellationToken.None);
            throw;
        }

        return await describe.DescribeAsync(held.Current, cancellationToken);
    }

    private async Task<CollectionState> RestoreAsync(
        ActiveIndex index, string folder, string snapshot, SnapshotDescription description, CancellationToken cancellationToken)
    {
        await store.RestoreAsync(index.Key, folder, cancellationToken);
        if ((await store.DescribeAsync(index.Key, cancellationToken)).LostSegments is [var lost, ..])
        {
            throw RetrievalErrors.SnapshotDamaged(snapshot, $"{lost.File}: {lost.Reason}");
        }

        var documents = new List<HeldDocument>();
        await foreach (var document in store.ListDocumentsAsync(index.Key, cancellationToken))
        {
            documents.Add(document);
        }

        var defaults = new SearchDefaults(description.Fusion, description.VectorWeight, description.RerankModel, description.RerankCandidates)
        {
            Chunking = description.Chunking ?? ChunkingSettings.Unset,
        };
        await catalogue.WriteAsync(
            session =>
            {
                CollectionTable.Save(session, index.Key.Collection, store.Name, defaults);
                IndexTable.Activate(session, index);
                foreach (var document in documents)
                {
                    DocumentRow.FindOrAdd(session, index.Key.Collection, document.DocumentId).Restore(session, document.Version, document.ChunkCount);
                }
            },
            cancellationToken);
        var size = new CollectionSize(documents.Count, documents.Sum(document => document.ChunkCount));
        return new CollectionState(index.Key.Collection, store.Name, defaults, index, size);
    }
}
