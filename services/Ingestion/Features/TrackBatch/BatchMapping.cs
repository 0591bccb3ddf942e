using Google.Protobuf.WellKnownTypes;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Protos.Documents.V1;
using RagPlatform.Protos.Ingestion.V1;
using Terms = RagPlatform.Protos.Documents.V1;

namespace RagPlatform.Ingestion.Features.TrackBatch;

internal static class BatchMapping
{
    public static ListBatchesResponse ToResponse(this BatchPage page) =>
        new() { Batches = { page.Batches.Select(standing => standing.ToTerms()) }, NextPageToken = page.NextPageToken };

    public static Terms.Batch ToTerms(this BatchStanding standing)
    {
        var (batch, estimate, isPaused, failed) = standing;
        return new()
        {
            Id = batch.Id,
            Documents = Count(batch.Groups),
            DocumentCount = batch.Groups.Sum(group => group.Documents),
            UnchangedCount = batch.Unchanged,
            ExpectedDocuments = batch.ExpectedDocuments,
            ExpectedBytes = batch.ExpectedBytes,
            ContentBytes = batch.Groups.Sum(group => group.ContentBytes),
            TextCharacters = batch.Groups.Sum(group => group.TextCharacters),
            ChunkCount = batch.Groups.Sum(group => group.Chunks),
            EmbeddedChunkCount = batch.Groups.Sum(group => group.EmbeddedChunks),
            EstimatedChunkCount = estimate.EstimatedChunks,
            Progress = estimate.Progress,
            ChunksPerSecond = estimate.ChunksPerSecond,
            RemainingSeconds = estimate.Remaining?.TotalSeconds ?? 0,
            HasEstimate = estimate.Remaining is not null,
            AtRest = estimate.IsAtRest,
            Paused = isPaused,
            CreatedAt = batch.CreatedAt.ToTimestamp(),
            LastPutAt = batch.LastPutAt.ToTimestamp(),
            LastProgressAt = batch.Slots.Count == 0 ? null : batch.Slots[^1].Start.ToTimestamp(),
            Failed = { failed.Select(ToFailed) },
        };
    }

    public static FailedDocument ToFailed(DocumentVersion version) => new()
    {
        Collection = version.Key.Collection,
        Id = version.Key.DocumentId,
        Version = version.Version,
        Step = version.Failure!.Step,
        Code = version.Failure.Code,
        Reason = version.Failure.Reason,
        Remedy = version.Failure.Remedy,
        Attempts = version.Failure.Attempts,
    };

    private static DocumentCounts Count(IReadOnlyList<BatchGroup> groups)
    {
        return new()
        {
            Received = Of(Registry.DocumentState.Received),
            Extracting = Of(Registry.DocumentState.Extracting),
            Chunking = Of(Registry.DocumentState.Chunking),
            Embedding = Of(Registry.DocumentState.Embedding),
            Indexing = Of(Registry.DocumentState.Indexing),
            Indexed = Of(Registry.DocumentState.Indexed),
            Failed = Of(Registry.DocumentState.Failed),
            Deleting = Of(Registry.DocumentState.Deleting),
            Deleted = Of(Registry.DocumentState.Deleted),
            Superseded = Of(null),
        };

        long Of(Registry.DocumentState? state) => groups.Where(group => group.State == state).Sum(group => group.Documents);
    }
}
