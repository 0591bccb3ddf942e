using Downstream = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.WatchDocuments;

internal static class WatchDocumentsMapping
{
    public static Downstream.WatchDocumentsRequest ToIngestion(this V1.WatchDocumentsRequest request, string tenant) => new()
    {
        Tenant = tenant,
        Collection = request.Collection,
        State = (Downstream.DocumentState)request.State,
        BatchId = request.BatchId,
        AfterSequence = request.AfterSequence,
        FromStart = request.FromStart,
    };

    public static V1.WatchDocumentsResponse ToGateway(this Downstream.WatchDocumentsResponse response) =>
        new() { Sequence = response.Sequence, Change = response.Change is { } change ? change.ToGateway() : null };

    private static V1.DocumentChange ToGateway(this Downstream.DocumentChange change) => new()
    {
        Collection = change.Collection,
        Id = change.Id,
        Version = change.Version,
        State = (V1.DocumentState)change.State,
        Failure = change.Failure.ToGateway(),
        Detail = change.Detail,
        OccurredAt = change.OccurredAt,
        TraceId = change.TraceId,
        BatchId = change.BatchId,
        ChunkCount = change.ChunkCount,
    };
}
