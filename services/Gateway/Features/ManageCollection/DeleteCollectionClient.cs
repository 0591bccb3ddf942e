using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Gateway.V1;
using static RagPlatform.Protos.Ingestion.V1.IngestionService;
using static RagPlatform.Protos.Retrieval.V1.RetrievalService;

namespace RagPlatform.Gateway.Features.ManageCollection;

/// <summary>
/// Deletes the documents, then the index, then the documents that were put meanwhile. In this order nothing comes back:
/// once the registry holds a later version of every document, what is still on its way to the index is out of date; and
/// none is left that the registry calls indexed and the index has dropped. A call that breaks off in between is finished by
/// the next one.
/// </summary>
internal sealed class DeleteCollectionClient(IngestionServiceClient ingestion, RetrievalServiceClient retrieval)
{
    /// <exception cref="ServiceException">NotFound: neither the registry nor the index has it. FailedPrecondition: it is an alias.</exception>
    public async Task<DeleteCollectionResponse> DeleteAsync(string collection, string tenant, CallOptions options)
    {
        await RefuseAliasAsync(collection, tenant, options);
        var deleted = await DeleteDocumentsAsync(collection, tenant, options);
        try
        {
            await retrieval.DeleteCollectionAsync(new() { Tenant = tenant, Collection = collection }, options);
        }
        catch (ServiceException failure) when (failure.Kind is FailureKind.NotFound && deleted > 0)
        {
            // None of its documents had reached the index.
        }

        // The second count holds those of the first that are still on their way out.
        return new() { DocumentCount = Math.Max(deleted, await DeleteDocumentsAsync(collection, tenant, options)) };
    }

    /// <returns>How many documents are being deleted now, those of earlier calls included.</returns>
    private async Task<long> DeleteDocumentsAsync(string collection, string tenant, CallOptions options) =>
        (await ingestion.DeleteCollectionAsync(new() { Tenant = tenant, Collection = collection }, options)).DocumentCount;

    /// <summary>An alias has no documents of its own in the registry, and another collection's index behind it.</summary>
    private async Task RefuseAliasAsync(string collection, string tenant, CallOptions options)
    {
        try
        {
            var described = await retrieval.DescribeCollectionAsync(new() { Tenant = tenant, Collection = collection }, options);
            if (described.Collection.Name != collection)
            {
                throw GatewayErrors.CollectionIsAlias(collection, described.Collection.Name);
            }
        }
        catch (ServiceException failure) when (failure.Kind is FailureKind.NotFound)
        {
            // Its documents may all still be on their way.
        }
    }
}
