using Grpc.Core;
using RagPlatform.Generation.Features.Answer;
using RagPlatform.Generation.Features.ListModels;
using RagPlatform.Protos.Generation.V1;

namespace RagPlatform.Generation;

internal sealed class GenerationGrpcService(AnswerHandler answers, AnswererCatalog answerers) : GenerationService.GenerationServiceBase
{
    public override async Task Answer(AnswerRequest request, IServerStreamWriter<AnswerResponse> responseStream, ServerCallContext context)
    {
        await foreach (var part in answers.HandleAsync(request.ToDomain(), context.CancellationToken))
        {
            await responseStream.WriteAsync(part.ToProto(), context.CancellationToken);
        }
    }

    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context) =>
        Task.FromResult(ListModelsMapping.ToProto(answerers.Models, answerers.DefaultModel));
}
