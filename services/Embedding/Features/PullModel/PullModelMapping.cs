using RagPlatform.Embedding.Models;
using RagPlatform.Protos.Embedding.V1;

namespace RagPlatform.Embedding.Features.PullModel;

internal static class PullModelMapping
{
    public static PullModelResponse ToResponse(this PullProgress progress) => new()
    {
        Step = progress.Step,
        Detail = progress.Detail,
        DoneBytes = progress.DoneBytes,
        TotalBytes = progress.TotalBytes,
    };
}
