namespace RagPlatform.Client;

/// <summary>What a second index is to be: each part left out is as it is now.</summary>
public sealed record IndexBuildOptions
{
    public string Model { get; init; } = "";

    /// <summary>"embedded" or "qdrant".</summary>
    public string Store { get; init; } = "";

    /// <summary>Cut the stored text again by the present chunking; otherwise chunks are taken as they are.</summary>
    public bool ChunkAgain { get; init; }
}

public enum BuildState
{
    Unspecified = 0,
    Running = 1,
    /// <summary>The collection is searched through the new index.</summary>
    Succeeded = 2,
    /// <summary>The collection is as it was.</summary>
    Failed = 3,
    /// <summary>The collection is as it was.</summary>
    Cancelled = 4,
}

/// <summary>A second index beside the one that is searched, switched to when it holds everything.</summary>
public sealed record IndexBuild
{
    public required string Id { get; init; }
    public required BuildState State { get; init; }
    /// <summary>"copying", "verifying" or "switching".</summary>
    public required string Step { get; init; }
    public required long DoneDocuments { get; init; }
    public required long TotalDocuments { get; init; }
    /// <summary>Of the new index.</summary>
    public required string Model { get; init; }
    /// <summary>Of the new index.</summary>
    public required string Store { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    /// <summary>Estimated; null while unknown.</summary>
    public double? RemainingSeconds { get; init; }
    /// <summary>With its remedy, when failed; else empty.</summary>
    public required string Failure { get; init; }
    /// <summary>In chunks of the present index, while it runs.</summary>
    public required long DoneChunks { get; init; }
    /// <summary>In chunks of the present index, while it runs.</summary>
    public required long TotalChunks { get; init; }
    /// <summary>Since it began or resumed; null while unknown.</summary>
    public double? ChunksPerSecond { get; init; }
    /// <summary>How often a start of the service went on with it.</summary>
    public required int ResumeCount { get; init; }
}
