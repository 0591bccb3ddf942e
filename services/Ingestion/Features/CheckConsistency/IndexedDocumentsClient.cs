using Grpc.Core;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Protos.Retrieval.V1;

namespace RagPlatform.Ingestion.Features.CheckConsistency;

/// <summary>What the retrieval service's index holds of a collection's documents.</summary>
public sealed class IndexedDocumentsClient(RetrievalService.RetrievalServiceClient retrieval)
{
    /// <summary>By document id: some 150 bytes for each.</summary>
    /// <param name="collection">Whose.</param>
    /// <param name="ids">Of the documents that are asked for, at most 1,000; all when empty.</param>
    /// <param name="reconcile">Whether the service is first to make its store and its catalogue agree.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="Grpc.Errors.ServiceException">The service or its store is down.</exception>
    public async Task<Dictionary<string, IndexStanding>> ReadAsync(CollectionName collection, IReadOnlyCollection<string> ids, bool reconcile, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(collection);
        ArgumentNullException.ThrowIfNull(ids);
        var request = new ListIndexedDocumentsRequest { Tenant = collection.Tenant, Collection = collection.Collection, Reconcile = reconcile, DocumentIds = { ids } };
        using var call = retrieval.ListIndexedDocuments(request, cancellationToken: cancellationToken);
        var standings = new Dictionary<string, IndexStanding>(StringComparer.Ordinal);
        await foreach (var page in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            foreach (var document in page.Documents.Where(document => !document.IsLost))
            {
                standings[document.DocumentId] =
                    new IndexStanding(document.DocumentId, document.VisibleVersion, document.ChunkCount, document.HeldVersion, document.HeldChunkCount);
            }
        }

        return standings;
    }

    /// <summary>Collections of a tenant that the service knows, also those that the registry does not.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">The service is down.</exception>
    public async Task<IReadOnlyList<CollectionName>> ListCollectionsAsync(string tenant, CancellationToken cancellationToken)
    {
        var response = await retrieval.ListCollectionsAsync(new ListCollectionsRequest { Tenant = tenant }, cancellationToken: cancellationToken);
        return [.. response.Collections.Select(collection => new CollectionName(tenant, collection.Name))];
    }
}
