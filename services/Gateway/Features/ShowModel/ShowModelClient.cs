using Grpc.Core;
using RagPlatform.Protos.Gateway.V1;
using static RagPlatform.Protos.Embedding.V1.EmbeddingService;
using static RagPlatform.Protos.Retrieval.V1.RetrievalService;

namespace RagPlatform.Gateway.Features.ShowModel;

/// <summary>What the embedding service knows of a model, and which of the caller's collections need it.</summary>
internal sealed class ShowModelClient(EmbeddingServiceClient embedding, RetrievalServiceClient retrieval)
{
    public async Task<ShowModelResponse> ShowAsync(string model, string tenant, CallOptions options)
    {
        var shown = await embedding.ShowModelAsync(new() { Model = model }, options);
        return shown.ToGateway(await retrieval.CollectionsOfAsync(shown.Model.Id, tenant, options));
    }
}
