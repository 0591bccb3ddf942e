using RagPlatform.Retrieval.Features.DescribeCollection;
using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval.Features.ListCollections;

internal sealed class ListCollectionsHandler(Collections collections, DescribeCollectionHandler describe)
{
    public async Task<IReadOnlyList<CollectionDescription>> HandleAsync(Tenant tenant, CancellationToken cancellationToken) =>
        await Task.WhenAll(collections.All(tenant).Select(collection => describe.DescribeAsync(collection, cancellationToken)));
}
