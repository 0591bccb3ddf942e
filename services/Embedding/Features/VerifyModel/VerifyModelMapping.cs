using RagPlatform.Embedding.Models;
using RagPlatform.Protos.Embedding.V1;

namespace RagPlatform.Embedding.Features.VerifyModel;

internal static class VerifyModelMapping
{
    public static VerifyModelResponse ToResponse(this VerifyStep step) => new()
    {
        Model = step.Model,
        File = step.File,
        DoneBytes = step.DoneBytes,
        TotalBytes = step.TotalBytes,
        Result = ResultOf(step.Check?.Outcome),
        Expected = step.Check?.Expected ?? "",
        Actual = step.Check?.Actual ?? "",
        Remedy = step.Check is null or { Outcome: FileCheckOutcome.AsPinned } ? "" : step.Remedy,
    };

    private static FileCheckResult ResultOf(FileCheckOutcome? outcome) => outcome switch
    {
        FileCheckOutcome.AsPinned => FileCheckResult.AsPinned,
        FileCheckOutcome.Different => FileCheckResult.Different,
        FileCheckOutcome.Missing => FileCheckResult.Missing,
        FileCheckOutcome.NotPinned => FileCheckResult.NotPinned,
        _ => FileCheckResult.Unspecified,
    };
}
