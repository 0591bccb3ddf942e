using Microsoft.Extensions.Options;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Storage.Catalogue;

namespace RagPlatform.Retrieval.Storage;

/// <summary>Makes, changes and drops the indexes of collections: the catalogue first, the store after, so that no index is ever out of the catalogue's sight.</summary>
internal sealed partial class Indexes(CatalogueDatabase catalogue, VectorStores stores, IOptions<RetrievalOptions> options, ILogger<Indexes> logger)
{
    /// <summary>A row for an index to come; the caller has the store create it.</summary>
    public ActiveIndex Add(CatalogueSession session, CollectionKey collection, string store, IndexSettings settings) =>
        IndexTable.Add(session, collection, store, settings, IndexConfiguration.HashOf(settings, IndexConfiguration.Of(settings, options.Value)));

    public Task CreateAsync(ActiveIndex index, CancellationToken cancellationToken) =>
        stores[index.Store].CreateAsync(index.Key, index.Settings, cancellationToken);

    /// <summary>The index that takes the batch: the first one decides the collection's model; once the collection holds nothing, the next one may decide anew.</summary>
    /// <exception cref="ServiceException">The collection holds vectors of another model.</exception>
    public async Task<ActiveIndex> EnsureAsync(Collections.Held held, CollectionKey collection, ChunksEmbedded batch, CancellationToken cancellationToken)
    {
        var settings = new IndexSettings(batch.Model, batch.Dimension);
        var former = held.Current?.Index;
        if (former?.Settings == settings)
        {
            return former;
        }

        if (former is not null && catalogue.Read(session => new VersionStaging(session, collection, batch).CollectionHoldsMore()))
        {
            throw RetrievalErrors.ModelMismatch(batch.Document, batch.Model, batch.Dimension, former.Settings.Model, former.Settings.Dimension);
        }

        var (store, defaults) = (held.Current?.Store ?? options.Value.Store, held.Current?.Defaults ?? SearchDefaults.Unset);
        var index = await catalogue.WriteAsync(
            session =>
            {
                CollectionTable.Save(session, collection, store, defaults);
                var added = Add(session, collection, store, settings);
                IndexTable.Activate(session, added);
                return added;
            },
            cancellationToken);
        await CreateAsync(index, cancellationToken);
        held.Current = new CollectionState(collection, store, defaults, index, default);
        if (former is not null)
        {
            await DropUnusedAsync(cancellationToken);
        }

        return index;
    }

    /// <summary>Deletes the indexes that the catalogue has marked as dropped. What fails here is done the next time, at the next start at the latest.</summary>
    public async Task DropUnusedAsync(CancellationToken cancellationToken)
    {
        foreach (var (store, index) in catalogue.Read(IndexTable.Dropped))
        {
            try
            {
                await stores[store].DropAsync(index, cancellationToken);
                await catalogue.WriteAsync(session => IndexTable.Forget(session, index.Generation), cancellationToken);
            }
            catch (Exception exception) when (exception is ServiceException or IOException or UnauthorizedAccessException)
            {
                LogNotDropped(logger, index, store, exception);
            }
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "{Index} is no longer used but could not be deleted from the store '{Store}'; the next start tries again")]
    private static partial void LogNotDropped(ILogger logger, IndexKey index, string store, Exception exception);
}
