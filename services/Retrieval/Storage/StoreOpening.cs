using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Storage.Catalogue;
using RagPlatform.Retrieval.Storage.EmbeddedStore;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Storage;

/// <summary>Opens a store and makes it and the catalogue agree.</summary>
internal sealed partial class StoreOpening(CatalogueDatabase catalogue, Collections collections, VectorStores stores, FormerDatabase former, ILogger<StoreOpening> logger)
{
    /// <summary>May be repeated until it succeeds; the store may be used when this returns.</summary>
    /// <exception cref="ServiceException">The store does not answer.</exception>
    public async Task RunAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        await store.OpenAsync(cancellationToken);
        if (store.Name == RetrievalOptions.EmbeddedStore)
        {
            await former.TakeOverAsync(store, cancellationToken);
        }

        await DropWhatIsLeftAsync(store, cancellationToken);
        foreach (var collection in collections.All().Where(collection => collection.Index?.Store == store.Name))
        {
            try
            {
                await ReconcileAsync(store, collection.Key, cancellationToken);
            }
            catch (ServiceException exception) when (exception.Code == RetrievalErrors.IndexNotOpenedCode)
            {
                // The collection alone is unavailable, and says why; IndexReopener tries again.
            }
        }

        stores.MarkOpen(store.Name);
    }

    private async Task DropWhatIsLeftAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        await catalogue.WriteAsync(session => IndexTable.MarkUnusedDropped(session, store.Name), cancellationToken);
        foreach (var (_, index) in catalogue.Read(IndexTable.Dropped).Where(dropped => dropped.Store == store.Name))
        {
            try
            {
                await store.DropAsync(index, cancellationToken);
                await catalogue.WriteAsync(session => IndexTable.Forget(session, index.Generation), cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                LogNotDropped(logger, index, store.Name, exception);
            }
        }

        var listed = await store.ListAsync(cancellationToken);
        await catalogue.WriteAsync(session => IndexTable.KeepAbove(session, listed.Select(index => index.Generation).DefaultIfEmpty().Max()), cancellationToken);
        // Never dropped: a store that is shared may hold another installation's.
        foreach (var index in listed.Where(index => !catalogue.Read(session => IndexTable.Knows(session, store.Name, index))))
        {
            LogUnknown(logger, store.Name, index);
        }
    }

    /// <summary>Holds the collection: another store may be open already, and whoever administers collections need not wait for this one.</summary>
    /// <exception cref="ServiceException">The store does not answer, or the index cannot be opened.</exception>
    public async Task ReconcileAsync(IVectorStore store, CollectionKey collection, CancellationToken cancellationToken)
    {
        using var holding = await collections.HoldAsync(collection, cancellationToken);
        if (holding.Current?.Index is not { } index || index.Store != store.Name)
        {
            return;
        }

        await store.CreateAsync(index.Key, index.Settings, cancellationToken);
        var held = new Dictionary<string, HeldDocument>(StringComparer.Ordinal);
        await foreach (var document in store.ListDocumentsAsync(index.Key, cancellationToken))
        {
            held[document.DocumentId] = document;
        }

        var difference = Reconciliation.Of(catalogue.Read(session => DocumentRow.All(session, collection)), held);
        if (difference is { Shown.Count: 0, Lost.Count: 0, Removed.Count: 0 })
        {
            return;
        }

        var lostSegments = (await store.DescribeAsync(index.Key, cancellationToken)).LostSegments;
        await RecordAsync(collection, difference, ReasonOf(lostSegments), cancellationToken);
        holding.Current = catalogue.Read(session => CollectionTable.Find(session, collection));
        foreach (var documentId in difference.Removed)
        {
            await store.RemoveAsync(index.Key, documentId, cancellationToken);
        }

        LogReconciled(logger, collection, difference.Shown.Count, difference.Lost.Count, difference.Removed.Count);
    }

    private Task RecordAsync(CollectionKey collection, Reconciliation difference, string reason, CancellationToken cancellationToken) =>
        catalogue.WriteAsync(
            session =>
            {
                foreach (var document in difference.Shown)
                {
                    DocumentRow.FindOrAdd(session, collection, document.DocumentId).Show(session, document.Version, document.ChunkCount);
                }

                foreach (var document in difference.Lost)
                {
                    document.MarkLost(session, reason);
                }
            },
            cancellationToken);

    private static string ReasonOf(IReadOnlyList<LostSegment> lost) => lost.Count == 0
        ? "the store does not hold it any more"
        : string.Join("; ", lost.Select(segment => $"{segment.File}: {segment.Reason}"));

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The store '{Store}' holds {Index}, which this catalogue does not know; it is left alone")]
    private static partial void LogUnknown(ILogger logger, string store, IndexKey index);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "{Index} is no longer used but could not be deleted from the store '{Store}'; the next start tries again")]
    private static partial void LogNotDropped(ILogger logger, IndexKey index, string store, Exception exception);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning,
        Message = "{Collection}: noted {Shown} versions that a crash had kept from the catalogue, found {Lost} documents lost, removed {Removed} that must not be there")]
    private static partial void LogReconciled(ILogger logger, CollectionKey collection, int shown, int lost, int removed);
}
