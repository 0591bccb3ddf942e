namespace RagPlatform.Client;

/// <summary>Why nothing is begun of a collection, or of all.</summary>
/// <param name="Collection">All of the tenant's when empty.</param>
/// <param name="ByOperator">Of all tenants; only an operator lifts it.</param>
/// <param name="Reason">May be empty.</param>
/// <param name="Since">When it began.</param>
public sealed record IngestionPause(string Collection, bool ByOperator, string Reason, DateTimeOffset? Since);

/// <summary>What waits and what is being worked on.</summary>
/// <param name="IsPaused">Nothing of what was asked for is begun.</param>
/// <param name="Pauses">That bear on it.</param>
/// <param name="Waiting">Accepted, to be begun.</param>
/// <param name="InFlight">Begun, neither indexed nor failed; 0 while paused means drained.</param>
/// <param name="Deleting">Deletions go on while paused.</param>
/// <param name="Failed">Documents that stand still.</param>
public sealed record IngestionStatus(bool IsPaused, IReadOnlyList<IngestionPause> Pauses, long Waiting, long InFlight, long Deleting, long Failed);

/// <summary>Which failed documents are begun again.</summary>
public sealed record RedriveOptions
{
    /// <summary>All of the tenant's when empty.</summary>
    public string Collection { get; init; } = "";
    /// <summary>One document; all that failed when empty.</summary>
    public string Id { get; init; } = "";
    /// <summary>Only of this batch.</summary>
    public string BatchId { get; init; } = "";
    /// <summary>Only those that failed in this step, e.g. "embedding".</summary>
    public string Step { get; init; } = "";
    /// <summary>Only those that failed for this reason, e.g. "TIMED_OUT".</summary>
    public string Code { get; init; } = "";
    /// <summary>Tell which, begin none.</summary>
    public bool IsDryRun { get; init; }
}

/// <summary>One page of a redrive.</summary>
/// <param name="Documents">That are begun again, or would be, with why they had failed.</param>
/// <param name="Refused">That match and were refused on the way in: there is no content to begin again with.</param>
public sealed record RedrivePage(IReadOnlyList<FailedDocument> Documents, IReadOnlyList<FailedDocument> Refused);

/// <summary>A change of a document as it happened.</summary>
public sealed record DocumentChange
{
    /// <summary>To go on after it.</summary>
    public required long Sequence { get; init; }
    public required string Collection { get; init; }
    public required string Id { get; init; }
    public required long Version { get; init; }
    public required DocumentState State { get; init; }
    public DocumentFailure? Failure { get; init; }
    public required string Detail { get; init; }
    public DateTimeOffset? OccurredAt { get; init; }
    public required string TraceId { get; init; }
    /// <summary>Empty when in none.</summary>
    public required string BatchId { get; init; }
    public required int ChunkCount { get; init; }
}

/// <summary>A drop that belongs to no document, and why.</summary>
public sealed record RejectedDrop
{
    public required long Id { get; init; }
    /// <summary>Empty where it could not be told.</summary>
    public required string Tenant { get; init; }
    public required string Field { get; init; }
    public required string Code { get; init; }
    public required string Reason { get; init; }
    public required string Remedy { get; init; }
    public DateTimeOffset? RejectedAt { get; init; }
    public required string TraceId { get; init; }
    public required long BodyBytes { get; init; }
    /// <summary>False where it was over 3 MiB.</summary>
    public required bool IsBodyKept { get; init; }
}

/// <param name="Drops">Newest first.</param>
/// <param name="NextPageToken">Null on the last page.</param>
/// <param name="TotalCount">Over all pages.</param>
public sealed record RejectedDropPage(IReadOnlyList<RejectedDrop> Drops, string? NextPageToken, long TotalCount);
