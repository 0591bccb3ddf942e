using Downstream = RagPlatform.Protos.Embedding.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.PullModel;

internal static class PullModelMapping
{
    public static Downstream.PullModelRequest ToEmbedding(this V1.PullModelRequest request) => new()
    {
        Model = request.Model,
        Source = request.Source,
        Revision = request.Revision,
        Name = request.Name,
    };

    public static V1.PullModelResponse ToGateway(this Downstream.PullModelResponse progress) => new()
    {
        Model = progress.Model,
        Step = progress.Step,
        Detail = progress.Detail,
        DoneBytes = progress.DoneBytes,
        TotalBytes = progress.TotalBytes,
    };
}
