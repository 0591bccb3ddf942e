using Grpc.Core;
using RagPlatform.Protos.Gateway.V1;
using static RagPlatform.Protos.Embedding.V1.EmbeddingService;
using static RagPlatform.Protos.Generation.V1.GenerationService;

namespace RagPlatform.Gateway.Features.ListModels;

/// <summary>The models of both kinds in one list: those that embed first.</summary>
internal sealed class ListModelsClient(EmbeddingServiceClient embedding, GenerationServiceClient generation)
{
    public async Task<ListModelsResponse> ListAsync(CallOptions options)
    {
        using var embeddingCall = embedding.ListModelsAsync(new(), options);
        using var generationCall = generation.ListModelsAsync(new(), options);
        await Task.WhenAll(embeddingCall.ResponseAsync, generationCall.ResponseAsync);
        return (await embeddingCall).ToGateway(await generationCall);
    }
}
