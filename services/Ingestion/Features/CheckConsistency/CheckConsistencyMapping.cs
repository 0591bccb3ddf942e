using V1 = RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Ingestion.Features.CheckConsistency;

internal static class CheckConsistencyMapping
{
    public static V1.CheckConsistencyResponse ToResponse(this ConsistencyProgress progress) => new()
    {
        Collection = progress.Collection,
        CheckedDocuments = progress.Checked,
        TotalDocuments = progress.Total,
        Difference = progress.Difference?.ToProto(),
        Differences = progress.Differences,
        Repaired = progress.Repaired,
    };

    private static V1.Difference ToProto(this Difference difference) => new()
    {
        Kind = difference.Kind switch
        {
            DifferenceKind.Missing => V1.DifferenceKind.Missing,
            DifferenceKind.Unreported => V1.DifferenceKind.Unreported,
            DifferenceKind.Orphan => V1.DifferenceKind.Orphan,
            DifferenceKind.Ahead => V1.DifferenceKind.Ahead,
            _ => V1.DifferenceKind.Incomplete,
        },
        DocumentId = difference.DocumentId,
        RegistryVersion = difference.RegistryVersion,
        IndexVersion = difference.IndexVersion,
        Detail = difference.Detail,
        Repaired = difference.IsRepaired,
    };
}
