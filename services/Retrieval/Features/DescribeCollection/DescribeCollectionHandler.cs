using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Features.BuildIndex;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Features.DescribeCollection;

internal sealed class DescribeCollectionHandler(Collections collections, CatalogueDatabase catalogue, VectorStores stores, BuildBoard builds)
{
    private static readonly IndexDescription Unknown = new(0, 0, 0, 0, 0, 0, []);

    /// <exception cref="ServiceException">There is no such collection.</exception>
    public Task<CollectionDescription> HandleAsync(CollectionKey collection, CancellationToken cancellationToken) =>
        DescribeAsync(collections.Require(collection), cancellationToken);

    /// <summary>A store that does not answer is a collection's health; one that is still opening is a reason to come back.</summary>
    /// <exception cref="ServiceException">Its store is still opening.</exception>
    public async Task<CollectionDescription> DescribeAsync(CollectionState collection, CancellationToken cancellationToken)
    {
        var (index, fault) = (Unknown, "");
        try
        {
            index = collection.Index is { } active ? await stores[active.Store].DescribeAsync(active.Key, cancellationToken) : Unknown;
        }
        catch (ServiceException exception) when (exception.Kind is FailureKind.Unavailable or FailureKind.FailedPrecondition && exception.Code != RetrievalErrors.IndexOpeningCode)
        {
            fault = exception.Message;
        }

        var (missing, reason) = catalogue.Read(session => LostDocuments.Count(session, collection.Key));
        var (health, detail) = (fault, missing) switch
        {
            ({ Length: > 0 }, _) => (CollectionHealth.Unavailable, fault),
            (_, > 0) => (CollectionHealth.Repairing, $"{missing} documents are being indexed again: {reason}"),
            _ => (CollectionHealth.Ready, ""),
        };
        var (chunkingHash, chunkedEarlier) = collection.Index is { } searched ? catalogue.Read(session => ChunkingOf(session, searched.Key)) : ("", 0);
        var build = builds.Find(collection.Key);
        return new CollectionDescription(
            collection, index.DiskBytes, index.Segments, health, detail, collections.AliasesOf(collection.Key), missing,
            chunkingHash, chunkedEarlier, build?.State is BuildState.Succeeded ? null : build);
    }

    private static (string Hash, int ChunkedEarlier) ChunkingOf(CatalogueSession session, IndexKey index)
    {
        var hash = IndexTable.ChunkingOf(session, index.Generation);
        return (hash == IndexTable.ChunkingChanged ? "" : hash, hash.Length == 0 ? 0 : DocumentRow.CountChunkedOtherwise(session, index.Collection, hash));
    }
}
