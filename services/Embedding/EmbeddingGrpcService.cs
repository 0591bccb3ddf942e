using Grpc.Core;
using RagPlatform.Embedding.Features.Embed;
using RagPlatform.Embedding.Features.EmbedStream;
using RagPlatform.Embedding.Features.GetTokenizer;
using RagPlatform.Embedding.Features.ListModels;
using RagPlatform.Embedding.Features.PullModel;
using RagPlatform.Embedding.Features.Rerank;
using RagPlatform.Protos.Embedding.V1;

namespace RagPlatform.Embedding;

internal sealed class EmbeddingGrpcService(
    EmbedHandler embed, EmbedStreamHandler embedStream, RerankHandler rerank, ListModelsHandler list, PullModelHandler pull, GetTokenizerHandler tokenizer)
    : EmbeddingService.EmbeddingServiceBase
{
    public override async Task<EmbedResponse> Embed(EmbedRequest request, ServerCallContext context) =>
        (await embed.HandleAsync(request.Model, request.Kind.ToPriority(), EmbedMapping.ToInput(request.Texts, request.Passages), context.CancellationToken)).ToResponse();

    public override async Task EmbedStream(IAsyncStreamReader<EmbedStreamRequest> requestStream, IServerStreamWriter<EmbedStreamResponse> responseStream, ServerCallContext context)
    {
        await foreach (var answer in embedStream.HandleAsync(requestStream.ReadAllAsync().Select(EmbedStreamMapping.ToInput), context.CancellationToken))
        {
            await responseStream.WriteAsync(answer.ToResponse(), context.CancellationToken);
        }
    }

    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context) =>
        Task.FromResult(list.Handle().ToResponse());

    public override async Task PullModel(PullModelRequest request, IServerStreamWriter<PullModelResponse> responseStream, ServerCallContext context)
    {
        await foreach (var progress in pull.HandleAsync(request.Model, context.CancellationToken))
        {
            await responseStream.WriteAsync(progress.ToResponse(), context.CancellationToken);
        }
    }

    public override async Task<GetTokenizerResponse> GetTokenizer(GetTokenizerRequest request, ServerCallContext context) =>
        (await tokenizer.DescribeAsync(request.Model, context.CancellationToken)).ToResponse();

    public override async Task ReadTokenizer(ReadTokenizerRequest request, IServerStreamWriter<ReadTokenizerResponse> responseStream, ServerCallContext context)
    {
        await foreach (var part in tokenizer.ReadAsync(request.Model, context.CancellationToken))
        {
            await responseStream.WriteAsync(part.ToResponse(), context.CancellationToken);
        }
    }

    public override async Task<RerankResponse> Rerank(RerankRequest request, ServerCallContext context) =>
        (await rerank.HandleAsync(request.ToCommand(), context.CancellationToken)).ToResponse();
}
