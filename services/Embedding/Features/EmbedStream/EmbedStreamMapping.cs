using RagPlatform.Embedding.Features.Embed;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Embedding.V1;

namespace RagPlatform.Embedding.Features.EmbedStream;

internal static class EmbedStreamMapping
{
    public static EmbedStreamInput ToInput(this EmbedStreamRequest request) => new(
        request.Model, request.Kind is EmbedKind.Unspecified ? null : request.Kind.ToPriority(), EmbedMapping.ToInput(request.Texts, request.Passages));

    public static EmbedStreamResponse ToResponse(this EmbedStreamAnswer answer)
    {
        var response = new EmbedStreamResponse { Model = answer.Model.Id, Dimension = answer.Model.Dimension, Usage = answer.Result.ToUsage() };
        response.Results.AddRange(answer.Faults.Select(fault => new EmbedStreamResult { Error = fault?.ToTextError() }));
        foreach (var (place, embedding) in answer.Valid.Zip(answer.Result.Embeddings))
        {
            response.Results[place].Embedding = embedding.ToEmbedding();
        }

        return response;
    }

    private static TextError ToTextError(this ServiceException fault) => new() { Code = fault.Code, Message = fault.Message };
}
