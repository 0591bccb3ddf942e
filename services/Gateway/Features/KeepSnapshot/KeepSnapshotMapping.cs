using Downstream = RagPlatform.Protos.Retrieval.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.KeepSnapshot;

internal static class KeepSnapshotMapping
{
    public static Downstream.SnapshotCollectionRequest ToRetrieval(this V1.SnapshotCollectionRequest request, string tenant) =>
        new() { Tenant = tenant, Collection = CollectionName.OrDefault(request.Collection) };

    public static V1.SnapshotCollectionResponse ToGateway(this Downstream.SnapshotCollectionResponse response) =>
        new() { Snapshot = response.Snapshot, Bytes = response.Bytes };

    /// <summary>An empty collection stands for the snapshot's own name, not for "default".</summary>
    public static Downstream.RestoreCollectionRequest ToRetrieval(this V1.RestoreCollectionRequest request, string tenant) =>
        new() { Tenant = tenant, Snapshot = request.Snapshot, Collection = request.Collection };

    public static V1.RestoreCollectionResponse ToGateway(this Downstream.RestoreCollectionResponse response) =>
        new() { Collection = response.Collection };
}
