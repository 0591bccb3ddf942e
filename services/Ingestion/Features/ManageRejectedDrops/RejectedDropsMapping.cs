using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Protos.Ingestion.V1;
using Terms = RagPlatform.Protos.Documents.V1;

namespace RagPlatform.Ingestion.Features.ManageRejectedDrops;

internal static class RejectedDropsMapping
{
    public static ListRejectedDropsResponse ToResponse(this RejectedDropPage page) =>
        new() { Drops = { page.Drops.Select(ToTerms) }, NextPageToken = page.NextPageToken, TotalCount = page.TotalCount };

    public static ShowRejectedDropResponse ToResponse(this (RejectedDrop Drop, ReadOnlyMemory<byte> Body) shown) =>
        new() { Drop = shown.Drop.ToTerms(), Body = UnsafeByteOperations.UnsafeWrap(shown.Body) };

    /// <param name="stillRejected">Null when it was taken.</param>
    public static RedriveRejectedDropResponse ToResponse(this RejectedDrop? stillRejected) =>
        new() { Taken = stillRejected is null, Drop = stillRejected?.ToTerms() };

    private static Terms.RejectedDrop ToTerms(this RejectedDrop drop) => new()
    {
        Id = drop.Id,
        Tenant = drop.Tenant,
        Field = drop.Field,
        Code = drop.Code,
        Reason = drop.Reason,
        Remedy = drop.Remedy,
        RejectedAt = drop.RejectedAt.ToTimestamp(),
        TraceId = drop.TraceId,
        BodyBytes = drop.BodyBytes,
        BodyKept = drop.IsBodyKept,
    };
}
