using Grpc.Core;
using RagPlatform.Embedding.Features.DistillModel;
using RagPlatform.Embedding.Features.Embed;
using RagPlatform.Embedding.Features.EmbedStream;
using RagPlatform.Embedding.Features.GetTokenizer;
using RagPlatform.Embedding.Features.ListModels;
using RagPlatform.Embedding.Features.PullModel;
using RagPlatform.Embedding.Features.RemoveModel;
using RagPlatform.Embedding.Features.Rerank;
using RagPlatform.Embedding.Features.ShowModel;
using RagPlatform.Embedding.Features.VerifyModel;
using RagPlatform.Protos.Embedding.V1;

namespace RagPlatform.Embedding;

internal sealed class EmbeddingGrpcService(
    EmbedHandler embed,
    EmbedStreamHandler embedStream,
    RerankHandler rerank,
    GetTokenizerHandler tokenizer,
    ListModelsHandler list,
    PullModelHandler pull,
    DistillModelHandler distill,
    ShowModelHandler show,
    RemoveModelHandler remove,
    VerifyModelHandler verify)
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
        await foreach (var step in pull.HandleAsync(request.ToTarget(), context.CancellationToken))
        {
            await responseStream.WriteAsync(step.ToResponse(), context.CancellationToken);
        }
    }

    public override async Task DistillModel(IAsyncStreamReader<DistillModelRequest> requestStream, IServerStreamWriter<DistillModelResponse> responseStream, ServerCallContext context)
    {
        await foreach (var step in distill.HandleAsync(requestStream.ReadAllAsync(context.CancellationToken).Select(DistillModelMapping.ToInput), context.CancellationToken))
        {
            await responseStream.WriteAsync(step.ToResponse(), context.CancellationToken);
        }
    }

    public override Task<ShowModelResponse> ShowModel(ShowModelRequest request, ServerCallContext context) =>
        Task.FromResult(show.Handle(request.Model).ToResponse());

    public override async Task<RemoveModelResponse> RemoveModel(RemoveModelRequest request, ServerCallContext context) =>
        new() { FreedBytes = await remove.HandleAsync(request.Model, context.CancellationToken) };

    public override async Task VerifyModel(VerifyModelRequest request, IServerStreamWriter<VerifyModelResponse> responseStream, ServerCallContext context)
    {
        await foreach (var step in verify.HandleAsync(request.Model, request.All, context.CancellationToken))
        {
            await responseStream.WriteAsync(step.ToResponse(), context.CancellationToken);
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
