namespace RagPlatform.Client;

/// <summary>Pages of the web that a collection is to keep up with.</summary>
/// <param name="Name">1 to 63 of a-z, 0-9, "_" and "-"; of the tenant. One that is there is changed.</param>
public sealed record WebSourceSettings(string Name)
{
    /// <summary>"default" when left out; not to be changed.</summary>
    public string Collection { get; init; } = "";

    /// <summary>Of a sitemap or an index of them; or give <see cref="Urls"/>.</summary>
    public string SitemapUrl { get; init; } = "";

    /// <summary>The pages themselves.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>From the end of a crawl to the next, a minute to 30 days; zero: only when asked.</summary>
    public TimeSpan CrawlInterval { get; init; }

    /// <summary>How long a page that is gone stays a document; a day when null.</summary>
    public TimeSpan? RemovalGrace { get; init; }

    /// <summary>Of every document, at most 32 entries; "rag.source" with the source's name comes by itself.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

/// <summary>A source as it stands.</summary>
public sealed record WebSource
{
    public required string Name { get; init; }
    public required string Collection { get; init; }
    /// <summary>Empty when the pages are listed.</summary>
    public required string SitemapUrl { get; init; }
    /// <summary>Left out of lists of sources.</summary>
    public required IReadOnlyList<string> Urls { get; init; }
    public required TimeSpan CrawlInterval { get; init; }
    public required TimeSpan RemovalGrace { get; init; }
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
    /// <summary>The crawl under way, or the latest.</summary>
    public required Crawl Crawl { get; init; }
    /// <summary>Null when none is due.</summary>
    public DateTimeOffset? NextCrawlAt { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public required long PageCount { get; init; }
}

public enum CrawlState
{
    /// <summary>There has been none.</summary>
    None = 0,
    Waiting = 1,
    Running = 2,
    /// <summary>Every page was asked for; some may have failed.</summary>
    Succeeded = 3,
    /// <summary>The list of pages could not be had: documents are as they were.</summary>
    Failed = 4,
}

/// <summary>How far a crawl is, or how it ended.</summary>
public sealed record Crawl
{
    /// <summary>From 1.</summary>
    public required long Number { get; init; }
    public required CrawlState State { get; init; }
    /// <summary>Listed; 0 until the list is had.</summary>
    public required long PageCount { get; init; }
    public required long DonePages { get; init; }
    public required long ChangedPages { get; init; }
    public required long UnchangedPages { get; init; }
    public required long FailedPages { get; init; }
    /// <summary>Not found, or no longer listed.</summary>
    public required long MissingPages { get; init; }
    /// <summary>Whose documents this crawl deleted.</summary>
    public required long RemovedPages { get; init; }
    /// <summary>Listed and not crawled: of another host, malformed, or past the limit.</summary>
    public required long LeftOutUrls { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public SourceFailure? Failure { get; init; }
}

/// <summary>Why a page or a crawl failed.</summary>
public sealed record SourceFailure(string Code, string Reason, string Remedy);

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
    public required string DocumentId { get; init; }
    public required PageState State { get; init; }
    /// <summary>0 when there was no answer.</summary>
    public required int HttpStatus { get; init; }
    public required string ETag { get; init; }
    public required string LastModified { get; init; }
    /// <summary>SHA-256 of the body, lower-case hex.</summary>
    public required string ContentHash { get; init; }
    public DateTimeOffset? FetchedAt { get; init; }
    public DateTimeOffset? ChangedAt { get; init; }
    public DateTimeOffset? MissingSince { get; init; }
    public SourceFailure? Failure { get; init; }
}

/// <param name="Source">With its urls on the first page.</param>
/// <param name="Pages">By address.</param>
/// <param name="NextPageToken">Null on the last page.</param>
public sealed record WebSourcePages(WebSource Source, IReadOnlyList<SourcePage> Pages, string? NextPageToken);
