using Downstream = RagPlatform.Protos.Embedding.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.VerifyModel;

internal static class VerifyModelMapping
{
    public static Downstream.VerifyModelRequest ToEmbedding(this V1.VerifyModelRequest request) => new() { Model = request.Model, All = request.All };

    public static V1.VerifyModelResponse ToGateway(this Downstream.VerifyModelResponse step) => new()
    {
        Model = step.Model,
        File = step.File,
        DoneBytes = step.DoneBytes,
        TotalBytes = step.TotalBytes,
        Result = (V1.FileCheckResult)step.Result,
        Expected = step.Expected,
        Actual = step.Actual,
        Remedy = step.Remedy,
    };
}
