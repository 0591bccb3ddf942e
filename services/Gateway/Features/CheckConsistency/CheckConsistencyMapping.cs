using Downstream = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.CheckConsistency;

internal static class CheckConsistencyMapping
{
    public static Downstream.CheckConsistencyRequest ToIngestion(this V1.CheckConsistencyRequest request, string tenant) =>
        new() { Tenant = tenant, Collection = request.Collection, Repair = request.Repair };

    public static V1.CheckConsistencyResponse ToGateway(this Downstream.CheckConsistencyResponse response) => new()
    {
        Collection = response.Collection,
        CheckedDocuments = response.CheckedDocuments,
        TotalDocuments = response.TotalDocuments,
        Difference = response.Difference is { } difference ? ToGateway(difference) : null,
        Differences = response.Differences,
        Repaired = response.Repaired,
    };

    private static V1.Difference ToGateway(Downstream.Difference difference) => new()
    {
        Kind = (V1.DifferenceKind)difference.Kind,
        DocumentId = difference.DocumentId,
        RegistryVersion = difference.RegistryVersion,
        IndexVersion = difference.IndexVersion,
        Detail = difference.Detail,
        Repaired = difference.Repaired,
    };
}
