namespace RagPlatform.Ingestion.Sources;

public enum PageState
{
    /// <summary>Not asked for yet.</summary>
    Listed = 0,
    Changed = 1,
    Unchanged = 2,
    Failed = 3,
    Missing = 4,
}

/// <summary>One page of a source: what its server said of it and what became of it.</summary>
public sealed record SourcePage
{
    public required string Url { get; init; }
    /// <summary>Empty while there is no document.</summary>
    public string DocumentId { get; init; } = "";
    public PageState State { get; init; }
    /// <summary>0 when there was no answer.</summary>
    public int HttpStatus { get; init; }
    public string ETag { get; init; } = "";
    public string LastModified { get; init; } = "";
    /// <summary>SHA-256 of the body, lower-case hex.</summary>
    public string ContentHash { get; init; } = "";
    /// <summary>Of what describes the document beside the body: it is put again when that changes.</summary>
    public string DescriptionHash { get; init; } = "";
    public DateTimeOffset? FetchedAt { get; init; }
    public DateTimeOffset? ChangedAt { get; init; }
    /// <summary>Null while it is there.</summary>
    public DateTimeOffset? MissingSince { get; init; }
    public SourceFailure? Failure { get; init; }
}
