using Microsoft.Extensions.Options;
using RagPlatform.Retrieval.Features.DescribeCollection;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;

namespace RagPlatform.Retrieval.Features.CreateCollection;

/// <summary>A collection with its store and settings before its first document, which decides its model.</summary>
internal sealed class CreateCollectionHandler(
    Collections collections, CatalogueDatabase catalogue, VectorStores stores, DescribeCollectionHandler describe, IOptions<RetrievalOptions> options)
{
    /// <param name="store">The service's default when empty.</param>
    /// <exception cref="Grpc.Errors.ServiceException">The name is taken, or there is no such store.</exception>
    public async Task<CollectionDescription> HandleAsync(CollectionKey collection, string store, SearchDefaults defaults, CancellationToken cancellationToken)
    {
        stores.RequireKnown(store);
        using var held = await collections.HoldAsync(collection, cancellationToken);
        if (held.Current is not null || collections.TargetOf(collection) is not null)
        {
            throw RetrievalErrors.CollectionExists(collection.Name, held.Current is null ? "an alias" : "a collection");
        }

        var created = new CollectionState(collection, store.Length == 0 ? options.Value.Store : store, defaults, Index: null, default);
        await catalogue.WriteAsync(session => CollectionTable.Save(session, collection, created.Store, defaults), cancellationToken);
        held.Current = created;
        return await describe.DescribeAsync(created, cancellationToken);
    }
}
