using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Features.DescribeCollection;
using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval.Features.SnapshotCollection;

internal static class SnapshotMapping
{
    public static CollectionKey ToKey(this SnapshotCollectionRequest request) => CollectionKey.Require(request.Tenant, request.Collection);

    public static SnapshotCollectionResponse ToResponse(this (string Snapshot, long Bytes) written) =>
        new() { Snapshot = written.Snapshot, Bytes = written.Bytes };

    public static Tenant ToTenant(this RestoreCollectionRequest request) => Tenant.Require(request.Tenant);

    public static RestoreCollectionResponse ToRestoreResponse(this CollectionDescription description) => new() { Collection = description.ToProto() };
}
