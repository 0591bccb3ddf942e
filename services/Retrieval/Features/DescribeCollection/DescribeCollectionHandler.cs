using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval.Features.DescribeCollection;

internal sealed class DescribeCollectionHandler(IDocumentStore store)
{
    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">There is no such collection.</exception>
    public async Task<CollectionDescription> HandleAsync(CollectionKey collection, CancellationToken cancellationToken) =>
        await store.DescribeAsync(collection, cancellationToken) ?? throw RetrievalErrors.CollectionNotFound(collection.Name);
}
