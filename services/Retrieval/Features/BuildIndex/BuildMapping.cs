using Google.Protobuf.WellKnownTypes;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;
using Proto = RagPlatform.Protos.Search.V1;

namespace RagPlatform.Retrieval.Features.BuildIndex;

internal static class BuildMapping
{
    public static StartBuildCommand ToCommand(this StartBuildRequest request) =>
        new(CollectionKey.Require(request.Tenant, request.Collection), request.Model, request.Store, request.ChunkAgain);

    public static CollectionKey ToKey(this WatchBuildRequest request) => CollectionKey.Require(request.Tenant, request.Collection);

    public static CollectionKey ToKey(this CancelBuildRequest request) => CollectionKey.Require(request.Tenant, request.Collection);

    public static Proto.IndexBuild ToProto(this BuildStatus status) => new()
    {
        Id = status.Build.Id,
        State = status.State switch
        {
            BuildState.Running => Proto.BuildState.Running,
            BuildState.Succeeded => Proto.BuildState.Succeeded,
            BuildState.Failed => Proto.BuildState.Failed,
            _ => Proto.BuildState.Cancelled,
        },
        Step = status.Step,
        DoneDocuments = status.Done.Documents,
        TotalDocuments = status.Total.Documents,
        DoneChunks = status.Done.Chunks,
        TotalChunks = status.Total.Chunks,
        ChunksPerSecond = status.ChunksPerSecond,
        ResumeCount = status.Build.ResumeCount,
        Model = status.Build.Model,
        Store = status.Build.Store,
        StartedAt = Timestamp.FromDateTimeOffset(status.Build.StartedAt),
        RemainingSeconds = status.Remaining?.TotalSeconds ?? 0,
        Failure = status.Build.Failure,
    };
}
