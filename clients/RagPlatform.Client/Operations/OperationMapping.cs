using Terms = RagPlatform.Protos.Documents.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

internal static class OperationMapping
{
    public static IngestionStatus ToStatus(this Terms.IngestionStatus status) => new(
        status.Paused,
        [.. status.Pauses.Select(pause => new IngestionPause(pause.Collection, pause.ByOperator, pause.Reason, pause.Since?.ToDateTimeOffset()))],
        status.Waiting, status.InFlight, status.Deleting, status.Failed);

    public static FailedDocument ToFailed(this Terms.FailedDocument failed) =>
        new(failed.Collection, failed.Id, failed.Version, new DocumentFailure(failed.Step, failed.Code, failed.Reason, failed.Remedy, failed.Attempts));

    public static DocumentChange ToChange(this V1.WatchDocumentsResponse response) => new()
    {
        Sequence = response.Sequence,
        Collection = response.Change.Collection,
        Id = response.Change.Id,
        Version = response.Change.Version,
        State = (DocumentState)response.Change.State,
        Failure = response.Change.Failure.ToFailure(),
        Detail = response.Change.Detail,
        OccurredAt = response.Change.OccurredAt?.ToDateTimeOffset(),
        TraceId = response.Change.TraceId,
        BatchId = response.Change.BatchId,
        ChunkCount = response.Change.ChunkCount,
    };

    public static RejectedDrop ToDrop(this Terms.RejectedDrop drop) => new()
    {
        Id = drop.Id,
        Tenant = drop.Tenant,
        Field = drop.Field,
        Code = drop.Code,
        Reason = drop.Reason,
        Remedy = drop.Remedy,
        RejectedAt = drop.RejectedAt?.ToDateTimeOffset(),
        TraceId = drop.TraceId,
        BodyBytes = drop.BodyBytes,
        IsBodyKept = drop.BodyKept,
    };
}
