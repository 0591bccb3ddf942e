using Google.Protobuf.WellKnownTypes;
using RagPlatform.Ingestion.Features.GetDocument;
using RagPlatform.Ingestion.Features.ListDocuments;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Ingestion.Features.WatchDocuments;

internal static class WatchDocumentsMapping
{
    public static CatalogFilter ToFilter(this WatchDocumentsRequest request) => new(request.Tenant, request.Collection, request.State.ToState(), request.BatchId);

    /// <summary>Null for from now on.</summary>
    public static long? ToPlace(this WatchDocumentsRequest request) => request.FromStart ? 0 : request.AfterSequence == 0 ? null : request.AfterSequence;

    public static WatchDocumentsResponse ToResponse(this WatchedChange watched) => new() { Sequence = watched.Sequence, Change = watched.Change?.ToChange() };

    private static DocumentChange ToChange(this Registry.DocumentEvent change) => new()
    {
        Collection = change.Key.Collection,
        Id = change.Key.DocumentId,
        Version = change.Version,
        State = (Protos.Ingestion.V1.DocumentState)change.State,
        Failure = change.ToProto().Failure,
        Detail = change.Detail,
        OccurredAt = change.OccurredAt.ToTimestamp(),
        TraceId = change.TraceId,
        BatchId = change.BatchId,
        ChunkCount = change.ChunkCount,
    };
}
