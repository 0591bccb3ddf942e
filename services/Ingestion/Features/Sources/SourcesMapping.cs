using Google.Protobuf.WellKnownTypes;
using RagPlatform.Ingestion.Sources;
using Terms = RagPlatform.Protos.Sources.V1;

namespace RagPlatform.Ingestion.Features.Sources;

internal static class SourcesMapping
{
    public static SourceDefinition ToDefinition(this Terms.Source source) => new()
    {
        Collection = source.Collection.Length > 0 ? source.Collection : "default",
        SitemapUrl = source.SitemapUrl,
        Urls = [.. source.Urls],
        Interval = TimeSpan.FromSeconds(source.CrawlIntervalSeconds),
        RemovalGrace = TimeSpan.FromSeconds(source.RemovalGraceSeconds),
        Metadata = new Dictionary<string, string>(source.Metadata),
    };

    public static int? ToGraceSeconds(this Terms.Source source) => source.HasRemovalGraceSeconds ? source.RemovalGraceSeconds : null;

    /// <summary>Null when unspecified.</summary>
    public static PageState? ToState(this Terms.PageState state) => state is Terms.PageState.Unspecified ? null : (PageState)state;

    /// <param name="source">As it stands.</param>
    /// <param name="withUrls">False in lists, which are not to hold every source's pages.</param>
    public static Terms.Source ToTerms(this Source source, bool withUrls) => new()
    {
        Name = source.Key.Name,
        Collection = source.Definition.Collection,
        SitemapUrl = source.Definition.SitemapUrl,
        Urls = { withUrls ? source.Definition.Urls : [] },
        CrawlIntervalSeconds = (int)source.Definition.Interval.TotalSeconds,
        RemovalGraceSeconds = (int)source.Definition.RemovalGrace.TotalSeconds,
        Metadata = { source.Definition.Metadata.ToDictionary() },
        Crawl = source.Crawl.ToTerms(),
        NextCrawlAt = Time(source.NextCrawlAt),
        CreatedAt = Time(source.CreatedAt),
        PageCount = source.PageCount,
    };

    public static Terms.Crawl ToTerms(this CrawlStanding crawl) => new()
    {
        Number = crawl.Number,
        State = (Terms.CrawlState)crawl.State,
        PageCount = crawl.PageCount,
        DonePages = crawl.Done,
        ChangedPages = crawl.Changed,
        UnchangedPages = crawl.Unchanged,
        FailedPages = crawl.Failed,
        MissingPages = crawl.Missing,
        RemovedPages = crawl.Removed,
        LeftOutUrls = crawl.LeftOut,
        StartedAt = Time(crawl.StartedAt),
        FinishedAt = Time(crawl.FinishedAt),
        Failure = crawl.Failure.ToTerms(),
    };

    public static Terms.SourcePage ToTerms(this SourcePage page) => new()
    {
        Url = page.Url,
        DocumentId = page.DocumentId,
        State = (Terms.PageState)page.State,
        HttpStatus = page.HttpStatus,
        Etag = page.ETag,
        LastModified = page.LastModified,
        ContentHash = page.ContentHash,
        FetchedAt = Time(page.FetchedAt),
        ChangedAt = Time(page.ChangedAt),
        MissingSince = Time(page.MissingSince),
        Failure = page.Failure.ToTerms(),
    };

    private static Terms.SourceFailure? ToTerms(this SourceFailure? failure) => failure is null ? null : new() { Code = failure.Code, Reason = failure.Reason, Remedy = failure.Remedy };

    private static Timestamp? Time(DateTimeOffset? time) => time is { } at ? Timestamp.FromDateTimeOffset(at) : null;
}
