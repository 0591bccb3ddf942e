using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Gateway.V1;
using static RagPlatform.Protos.Embedding.V1.EmbeddingService;
using static RagPlatform.Protos.Retrieval.V1.RetrievalService;

namespace RagPlatform.Gateway.Features.RemoveModel;

/// <summary>Removes a model that no collection of the caller's needs. Those of other tenants are theirs to know.</summary>
internal sealed class RemoveModelClient(EmbeddingServiceClient embedding, RetrievalServiceClient retrieval)
{
    /// <exception cref="ServiceException">FailedPrecondition: collections use it, or it is the default model. NotFound: unknown.</exception>
    public async Task<RemoveModelResponse> RemoveAsync(RemoveModelRequest request, string tenant, CallOptions options)
    {
        if (request.Model.Length == 0)
        {
            throw GatewayErrors.ModelMissing();
        }

        if (!request.Force && await retrieval.CollectionsOfAsync(request.Model, tenant, options) is { Count: > 0 } collections)
        {
            throw GatewayErrors.ModelInUse(request.Model, collections);
        }

        return new() { FreedBytes = (await embedding.RemoveModelAsync(new() { Model = request.Model }, options)).FreedBytes };
    }
}
