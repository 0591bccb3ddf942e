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

    /// <summary>The collection's index. The first batch of a collection that has none decides its model, which from then on only a build changes.</summary>
    public async Task<ActiveIndex> EnsureAsync(Collections.Held held, CollectionKey collection, ChunksEmbedded batch, CancellationToken cancellationToken)
    {
        if (held.Current?.Index is { } present)
        {
            return present;
        }

        var made = held.Current ?? new CollectionState(collection, options.Value.Store, SearchDefaults.Unset, Index: null, default);
        return await BeginAsync(held, made, new IndexSettings(batch.Model, batch.Dimension), cancellationToken);
    }

    /// <summary>Gives a collection that has no index its first one; the collection itself may be new.</summary>
    public async Task<ActiveIndex> BeginAsync(Collections.Held held, CollectionState collection, IndexSettings settings, CancellationToken cancellationToken)
    {
        var index = await catalogue.WriteAsync(
            session =>
            {
                CollectionTable.Save(session, collection.Key, collection.Store, collection.Defaults);
                var added = Add(session, collection.Key, collection.Store, settings);
                IndexTable.Activate(session, added);
                return added;
            },
            cancellationToken);
        await CreateAsync(index, cancellationToken);
        held.Current = collection with { Index = index };
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
