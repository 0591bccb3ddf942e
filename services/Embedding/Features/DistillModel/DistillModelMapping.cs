using RagPlatform.Embedding.Features.Embed;
using RagPlatform.Protos.Embedding.V1;

namespace RagPlatform.Embedding.Features.DistillModel;

internal static class DistillModelMapping
{
    public static DistillInput ToInput(this DistillModelRequest request) =>
        new(request.Model, request.Name, request.ExpectedPassages, EmbedMapping.ToInput([], request.Passages));

    public static DistillModelResponse ToResponse(this DistillStep step) =>
        new() { Step = step.Step, Done = step.Done, Total = step.Total, Model = step.Model };
}
