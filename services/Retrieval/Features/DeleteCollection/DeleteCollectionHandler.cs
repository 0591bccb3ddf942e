using RagPlatform.Retrieval.Features.BuildIndex;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;

namespace RagPlatform.Retrieval.Features.DeleteCollection;

/// <summary>
/// Drops a collection's index, settings and aliases at once. What it held stays out by tombstones, so that messages still under
/// way cannot bring it back; the documents' own deletions come from the registry.
/// </summary>
internal sealed class DeleteCollectionHandler(Collections collections, CatalogueDatabase catalogue, Indexes indexes, BuildBoard builds)
{
    /// <returns>How many documents searches saw.</returns>
    /// <exception cref="Grpc.Errors.ServiceException">There is no such collection.</exception>
    public async Task<int> HandleAsync(CollectionKey collection, CancellationToken cancellationToken)
    {
        await collections.WaitUntilLoadedAsync(cancellationToken);
        collections.RequireOwn(collection);
        using var held = await collections.HoldAsync(collection, cancellationToken);
        var deleted = collections.RequireOwn(collection);
        await catalogue.WriteAsync(
            session =>
            {
                CollectionTable.Delete(session, collection);
                DocumentRemoval.RunAll(session, collection);
            },
            cancellationToken);
        held.Current = null;
        collections.DeleteAliasesOf(collection);
        builds.Stop(collection);
        await indexes.DropUnusedAsync(CancellationToken.None);
        return deleted.Size.Documents;
    }
}
