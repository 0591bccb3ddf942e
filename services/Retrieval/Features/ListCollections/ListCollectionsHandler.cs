using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval.Features.ListCollections;

internal sealed class ListCollectionsHandler(IDocumentStore store)
{
    public Task<IReadOnlyList<CollectionDescription>> HandleAsync(Tenant tenant, CancellationToken cancellationToken) =>
        store.ListAsync(tenant, cancellationToken);
}
