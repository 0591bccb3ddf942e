namespace RagPlatform.Ingestion.Sources;

/// <summary>Whose a source is, and its name.</summary>
public readonly record struct SourceKey(string Tenant, string Name);

/// <summary>What a source is to keep up with; already found valid.</summary>
public sealed record SourceDefinition
{
    public required string Collection { get; init; }

    /// <summary>Empty when the pages are listed.</summary>
    public required string SitemapUrl { get; init; }

    /// <summary>In their normal form, each once; none when there is a sitemap.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>From the end of a crawl to the next; zero: only when asked.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>How long a page that is gone stays a document.</summary>
    public required TimeSpan RemovalGrace { get; init; }

    /// <summary>Of every document.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
}

public enum CrawlState
{
    None = 0,
    Waiting = 1,
    Running = 2,
    Succeeded = 3,
    Failed = 4,
}

/// <summary>What is to become of a source that was deleted.</summary>
public enum SourceRemoval
{
    None = 0,
    KeepDocuments = 1,
    DeleteDocuments = 2,
}

/// <summary>A source as it stands.</summary>
public sealed record Source
{
    public required SourceKey Key { get; init; }
    public required SourceDefinition Definition { get; init; }
    public required SourceRemoval Removal { get; init; }
    public required CrawlStanding Crawl { get; init; }
    /// <summary>Null when none is due.</summary>
    public required DateTimeOffset? NextCrawlAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required long PageCount { get; init; }
}

/// <summary>How far a crawl is, or how it ended.</summary>
public sealed record CrawlStanding
{
    /// <summary>From 1; 0 before the first.</summary>
    public required long Number { get; init; }
    public required CrawlState State { get; init; }
    /// <summary>The list of pages is had.</summary>
    public required bool IsListed { get; init; }
    public required long PageCount { get; init; }
    public required long Changed { get; init; }
    public required long Unchanged { get; init; }
    public required long Failed { get; init; }
    public required long Missing { get; init; }
    public required long Removed { get; init; }
    public required long LeftOut { get; init; }
    public required DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset? FinishedAt { get; init; }
    public required SourceFailure? Failure { get; init; }

    public long Done => Changed + Unchanged + Failed + Missing;
}

/// <summary>Why a page or a crawl failed.</summary>
public sealed record SourceFailure(string Code, string Reason, string Remedy)
{
    public static SourceFailure Of(Web.WebFailure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return new(failure.Code, failure.Reason, failure.Remedy);
    }
}
