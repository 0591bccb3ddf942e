using Terms = RagPlatform.Protos.Sources.V1;

namespace RagPlatform.Client;

internal static class WebSourceMapping
{
    public static Terms.Source ToTerms(this WebSourceSettings settings)
    {
        var source = new Terms.Source
        {
            Name = settings.Name,
            Collection = settings.Collection,
            SitemapUrl = settings.SitemapUrl,
            Urls = { settings.Urls },
            CrawlIntervalSeconds = (int)settings.CrawlInterval.TotalSeconds,
            Metadata = { settings.Metadata.ToDictionary() },
        };
        if (settings.RemovalGrace is { } grace)
        {
            source.RemovalGraceSeconds = (int)grace.TotalSeconds;
        }

        return source;
    }

    public static WebSource ToSource(this Terms.Source source) => new()
    {
        Name = source.Name,
        Collection = source.Collection,
        SitemapUrl = source.SitemapUrl,
        Urls = [.. source.Urls],
        CrawlInterval = TimeSpan.FromSeconds(source.CrawlIntervalSeconds),
        RemovalGrace = TimeSpan.FromSeconds(source.RemovalGraceSeconds),
        Metadata = source.Metadata,
        Crawl = (source.Crawl ?? new()).ToCrawl(),
        NextCrawlAt = source.NextCrawlAt?.ToDateTimeOffset(),
        CreatedAt = source.CreatedAt?.ToDateTimeOffset(),
        PageCount = source.PageCount,
    };

    public static Crawl ToCrawl(this Terms.Crawl crawl) => new()
    {
        Number = crawl.Number,
        State = (CrawlState)crawl.State,
        PageCount = crawl.PageCount,
        DonePages = crawl.DonePages,
        ChangedPages = crawl.ChangedPages,
        UnchangedPages = crawl.UnchangedPages,
        FailedPages = crawl.FailedPages,
        MissingPages = crawl.MissingPages,
        RemovedPages = crawl.RemovedPages,
        LeftOutUrls = crawl.LeftOutUrls,
        StartedAt = crawl.StartedAt?.ToDateTimeOffset(),
        FinishedAt = crawl.FinishedAt?.ToDateTimeOffset(),
        Failure = crawl.Failure.ToFailure(),
    };

    public static SourcePage ToPage(this Terms.SourcePage page) => new()
    {
        Url = page.Url,
        DocumentId = page.DocumentId,
        State = (PageState)page.State,
        HttpStatus = page.HttpStatus,
        ETag = page.Etag,
        LastModified = page.LastModified,
        ContentHash = page.ContentHash,
        FetchedAt = page.FetchedAt?.ToDateTimeOffset(),
        ChangedAt = page.ChangedAt?.ToDateTimeOffset(),
        MissingSince = page.MissingSince?.ToDateTimeOffset(),
        Failure = page.Failure.ToFailure(),
    };

    private static SourceFailure? ToFailure(this Terms.SourceFailure? failure) => failure is null ? null : new SourceFailure(failure.Code, failure.Reason, failure.Remedy);
}
