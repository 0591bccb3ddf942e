namespace RagPlatform.Ingestion.Scheduling;

/// <summary>
/// How much of a room one tenant may fill: as much as all leave free (Choudhury and Hahne, "Dynamic queue length thresholds for
/// shared-memory packet switches", 1998). Alone it has half of the room, of n tenants each has one part of n + 1, and who comes
/// next finds room at once, while nothing is kept for tenants who are not there.
/// </summary>
internal static class FairShare
{
    /// <param name="own">That the tenant fills.</param>
    /// <param name="total">That all tenants fill.</param>
    /// <param name="limit">Of the room, at least 1. The last one in may exceed it.</param>
    public static bool HasRoom(long own, long total, long limit) => total < limit && own < limit - total;
}
