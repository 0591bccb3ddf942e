using RagPlatform.Retrieval.Features.DescribeCollection;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;

namespace RagPlatform.Retrieval.Features.UpdateCollection;

/// <summary>Other settings for the next searches; they replace the former ones.</summary>
internal sealed class UpdateCollectionHandler(Collections collections, CatalogueDatabase catalogue, DescribeCollectionHandler describe)
{
    /// <exception cref="Grpc.Errors.ServiceException">There is no such collection.</exception>
    public async Task<CollectionDescription> HandleAsync(CollectionKey collection, SearchDefaults defaults, CancellationToken cancellationToken)
    {
        await collections.WaitUntilLoadedAsync(cancellationToken);
        collections.RequireOwn(collection);
        using var held = await collections.HoldAsync(collection, cancellationToken);
        var former = collections.RequireOwn(collection);
        var updated = former with { Defaults = defaults };
        await catalogue.WriteAsync(
            session =>
            {
                CollectionTable.Save(session, collection, updated.Store, defaults);
                if (updated.Index is { } index && defaults.Chunking != former.Defaults.Chunking)
                {
                    IndexTable.MarkChunkingChanged(session, index.Key.Generation);
                }
            },
            cancellationToken);
        held.Current = updated;
        return await describe.DescribeAsync(updated, cancellationToken);
    }
}
