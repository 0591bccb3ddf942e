using Dapper;
using Microsoft.Data.Sqlite;

namespace RagPlatform.Ingestion.Sources;

/// <summary>The pages of sources. Every report on a page is durable by itself: a crawl that is interrupted goes on with the next.</summary>
public sealed class PageStore(SourceDatabase database)
{
    private const string Select = """
        SELECT url AS Url, document_id AS DocumentId, state AS State, http_status AS HttpStatus, etag AS ETag, last_modified AS LastModified, content_hash AS ContentHash,
               description_hash AS DescriptionHash, fetched_at AS FetchedAt, changed_at AS ChangedAt, missing_since AS MissingSince,
               failure_code AS FailureCode, failure_reason AS FailureReason, failure_remedy AS FailureRemedy
        FROM pages

        """;

    /// <summary>Records what a crawl is to ask for, all at once.</summary>
    public Task<bool> RecordListAsync(SourceKey key, long crawl, IReadOnlyList<string> urls, long leftOut, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (connection, transaction) =>
            {
                if (connection.Execute("UPDATE sources SET is_listed = 1, left_out = @leftOut WHERE tenant = @Tenant AND name = @Name AND crawl_number = @crawl", new { key.Tenant, key.Name, crawl, leftOut }, transaction) == 0)
                {
                    return false;
                }

                connection.Execute(
                    "INSERT INTO pages (tenant, source, url, listed_crawl) VALUES (@Tenant, @Name, @url, @crawl) ON CONFLICT (tenant, source, url) DO UPDATE SET listed_crawl = @crawl",
                    urls.Select(url => new { key.Tenant, key.Name, url, crawl }), transaction);
                return true;
            },
            cancellationToken);

    /// <summary>Some of the pages that the crawl has not asked for yet, those that are no longer listed last.</summary>
    public IReadOnlyList<(SourcePage Page, bool IsListed)> FindUndone(SourceKey key, long crawl, int limit)
    {
        using var connection = database.OpenReader();
        return
        [
            .. connection.Query<Row>(
                Select.Replace("FROM pages", ", listed_crawl AS ListedCrawl FROM pages", StringComparison.Ordinal)
                + "WHERE tenant = @Tenant AND source = @Name AND done_crawl < @crawl ORDER BY listed_crawl < @crawl, url LIMIT @limit",
                new { key.Tenant, key.Name, crawl, limit }).Select(row => (row.ToPage(), row.ListedCrawl == crawl)),
        ];
    }

    /// <summary>Records what became of a page; the crawl then is done with it.</summary>
    /// <param name="key">The source.</param>
    /// <param name="crawl">Its number.</param>
    /// <param name="page">As it is known now.</param>
    /// <param name="isRemoved">Its document was deleted.</param>
    /// <param name="cancellationToken">Ends the wait for the file.</param>
    public Task<bool> RecordAsync(SourceKey key, long crawl, SourcePage page, bool isRemoved, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        return database.WriteAsync(
            (connection, transaction) => Count(connection, transaction, key, isRemoved) && connection.Execute(
                """
                UPDATE pages SET document_id = @DocumentId, state = @State, http_status = @HttpStatus, etag = @ETag, last_modified = @LastModified, content_hash = @ContentHash,
                    description_hash = @DescriptionHash, fetched_at = @fetchedAt, changed_at = @changedAt, missing_since = @missingSince,
                    failure_code = @Code, failure_reason = @Reason, failure_remedy = @Remedy, done_crawl = @crawl
                WHERE tenant = @Tenant AND source = @Name AND url = @Url
                """,
                new
                {
                    key.Tenant, key.Name, crawl, page.Url, page.DocumentId, page.State, page.HttpStatus, page.ETag, page.LastModified, page.ContentHash, page.DescriptionHash,
                    fetchedAt = page.FetchedAt?.ToUnixTimeMilliseconds(), changedAt = page.ChangedAt?.ToUnixTimeMilliseconds(), missingSince = page.MissingSince?.ToUnixTimeMilliseconds(),
                    page.Failure?.Code, page.Failure?.Reason, page.Failure?.Remedy,
                },
                transaction) == 1,
            cancellationToken);
    }

    /// <summary>Forgets a page that is no longer listed.</summary>
    public Task<bool> ForgetAsync(SourceKey key, string url, bool isRemoved, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (connection, transaction) => Count(connection, transaction, key, isRemoved)
                && connection.Execute("DELETE FROM pages WHERE tenant = @Tenant AND source = @Name AND url = @url", new { key.Tenant, key.Name, url }, transaction) == 1,
            cancellationToken);

    /// <summary>By address.</summary>
    /// <param name="key">The source.</param>
    /// <param name="state">All when null.</param>
    /// <param name="after">The first page of the list when empty.</param>
    /// <param name="limit">At most so many.</param>
    public IReadOnlyList<SourcePage> List(SourceKey key, PageState? state, string after, int limit)
    {
        using var connection = database.OpenReader();
        return
        [
            .. connection.Query<Row>(
                Select + $"WHERE tenant = @Tenant AND source = @Name AND url > @after {(state is null ? "" : "AND state = @state")} ORDER BY url LIMIT @limit",
                new { key.Tenant, key.Name, after, state, limit }).Select(row => row.ToPage()),
        ];
    }

    private static bool Count(SqliteConnection connection, SqliteTransaction transaction, SourceKey key, bool isRemoved) =>
        connection.Execute("UPDATE sources SET removed = removed + @isRemoved WHERE tenant = @Tenant AND name = @Name", new { key.Tenant, key.Name, isRemoved }, transaction) == 1;

    private sealed class Row
    {
        public string Url { get; init; } = "";
        public string DocumentId { get; init; } = "";
        public PageState State { get; init; }
        public int HttpStatus { get; init; }
        public string ETag { get; init; } = "";
        public string LastModified { get; init; } = "";
        public string ContentHash { get; init; } = "";
        public string DescriptionHash { get; init; } = "";
        public long? FetchedAt { get; init; }
        public long? ChangedAt { get; init; }
        public long? MissingSince { get; init; }
        public string? FailureCode { get; init; }
        public string? FailureReason { get; init; }
        public string? FailureRemedy { get; init; }
        public long ListedCrawl { get; init; }

        public SourcePage ToPage() => new()
        {
            Url = Url, DocumentId = DocumentId, State = State, HttpStatus = HttpStatus, ETag = ETag, LastModified = LastModified, ContentHash = ContentHash, DescriptionHash = DescriptionHash,
            FetchedAt = SourceDatabase.Time(FetchedAt), ChangedAt = SourceDatabase.Time(ChangedAt), MissingSince = SourceDatabase.Time(MissingSince),
            Failure = FailureCode is null ? null : new SourceFailure(FailureCode, FailureReason!, FailureRemedy!),
        };
    }
}
