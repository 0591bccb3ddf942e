using Terms = RagPlatform.Protos.Documents.V1;

namespace RagPlatform.Client;

internal static class BatchMapping
{
    public static Batch ToBatch(this Terms.Batch batch) => new()
    {
        Id = batch.Id,
        Documents = batch.Documents.ToCounts(),
        SupersededCount = batch.Documents?.Superseded ?? 0,
        DocumentCount = batch.DocumentCount,
        UnchangedCount = batch.UnchangedCount,
        ExpectedDocuments = batch.ExpectedDocuments,
        ExpectedBytes = batch.ExpectedBytes,
        ContentBytes = batch.ContentBytes,
        TextCharacters = batch.TextCharacters,
        ChunkCount = batch.ChunkCount,
        EmbeddedChunkCount = batch.EmbeddedChunkCount,
        EstimatedChunkCount = batch.EstimatedChunkCount,
        Progress = batch.Progress,
        ChunksPerSecond = batch.ChunksPerSecond,
        RemainingSeconds = batch.HasEstimate ? batch.RemainingSeconds : null,
        IsAtRest = batch.AtRest,
        IsPaused = batch.Paused,
        CreatedAt = batch.CreatedAt?.ToDateTimeOffset(),
        LastPutAt = batch.LastPutAt?.ToDateTimeOffset(),
        LastProgressAt = batch.LastProgressAt?.ToDateTimeOffset(),
        Failed = [.. batch.Failed.Select(failed => failed.ToFailed())],
    };

    public static IReadOnlyDictionary<DocumentState, long> ToCounts(this Terms.DocumentCounts? counts) =>
        counts is null
            ? new Dictionary<DocumentState, long>()
            : new Dictionary<DocumentState, long>
            {
                [DocumentState.Received] = counts.Received,
                [DocumentState.Extracting] = counts.Extracting,
                [DocumentState.Chunking] = counts.Chunking,
                [DocumentState.Embedding] = counts.Embedding,
                [DocumentState.Indexing] = counts.Indexing,
                [DocumentState.Indexed] = counts.Indexed,
                [DocumentState.Failed] = counts.Failed,
                [DocumentState.Deleting] = counts.Deleting,
                [DocumentState.Deleted] = counts.Deleted,
            }.Where(entry => entry.Value > 0).ToDictionary();
}
