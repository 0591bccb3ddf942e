using RagPlatform.Protos.Embedding.V1;

namespace RagPlatform.Embedding.Features.PullModel;

internal static class PullModelMapping
{
    public static PullTarget ToTarget(this PullModelRequest request) => new(request.Model, request.Source, request.Revision, request.Name);

    public static PullModelResponse ToResponse(this PullStep step) => new()
    {
        Model = step.Model,
        Step = step.Progress.Step,
        Detail = step.Progress.Detail,
        DoneBytes = step.Progress.DoneBytes,
        TotalBytes = step.Progress.TotalBytes,
    };
}
