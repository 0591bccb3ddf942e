using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;

namespace RagPlatform.Ingestion.Sources;

/// <summary>Sources and how their crawls stand.</summary>
public sealed class SourceStore(SourceDatabase database)
{
    private const string Select = """
        SELECT tenant AS Tenant, name AS Name, definition AS Definition, removal AS Removal, crawl_number AS CrawlNumber, crawl_state AS CrawlState,
               is_listed AS IsListed, left_out AS LeftOut, removed AS Removed, started_at AS StartedAt, finished_at AS FinishedAt,
               failure_code AS FailureCode, failure_reason AS FailureReason, failure_remedy AS FailureRemedy, next_crawl_at AS NextCrawlAt, created_at AS CreatedAt
        FROM sources

        """;

    /// <returns>The source, to be crawled at once; null when one of that name is being removed.</returns>
    /// <param name="key">Whose, and its name.</param>
    /// <param name="definition">Replaces the former one.</param>
    /// <param name="check">Judges the former source, null for none, and the count of the tenant's; throws when it is not to be.</param>
    /// <param name="cancellationToken">Ends the wait for the file.</param>
    public Task<Source> PutAsync(SourceKey key, SourceDefinition definition, Action<Source?, long> check, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (connection, transaction) =>
            {
                ArgumentNullException.ThrowIfNull(check);
                check(Find(connection, key, transaction), connection.ExecuteScalar<long>("SELECT count(*) FROM sources WHERE tenant = @Tenant", new { key.Tenant }, transaction));
                connection.Execute(
                    """
                    INSERT INTO sources (tenant, name, definition, next_crawl_at, created_at) VALUES (@Tenant, @Name, @definition, @Now, @Now)
                    ON CONFLICT (tenant, name) DO UPDATE SET definition = @definition, next_crawl_at = @Now
                    """,
                    new { key.Tenant, key.Name, definition = JsonSerializer.Serialize(definition), database.Now }, transaction);
                return Find(connection, key, transaction)!;
            },
            cancellationToken);

    public Source? Find(SourceKey key)
    {
        using var connection = database.OpenReader();
        return Find(connection, key, transaction: null);
    }

    /// <summary>By name.</summary>
    public IReadOnlyList<Source> List(string tenant)
    {
        using var connection = database.OpenReader();
        return [.. connection.Query<Row>(Select + "WHERE tenant = @tenant AND removal = 0 ORDER BY name", new { tenant }).Select(row => Describe(connection, row, transaction: null))];
    }

    /// <summary>Sources that are to be removed, that a crawl of was interrupted, or that one is due of; in this order, the longest due first.</summary>
    public IReadOnlyList<(SourceKey Key, bool IsRemoval)> FindWork(int limit)
    {
        using var connection = database.OpenReader();
        return
        [
            .. connection.Query<Row>(
                Select + "WHERE removal <> 0 OR crawl_state = 2 OR next_crawl_at <= @Now ORDER BY removal = 0, crawl_state <> 2, next_crawl_at LIMIT @limit", new { database.Now, limit })
                .Select(row => (new SourceKey(row.Tenant, row.Name), row.Removal is not SourceRemoval.None)),
        ];
    }

    /// <summary>Null when nothing is due later.</summary>
    public DateTimeOffset? FindNextDue()
    {
        using var connection = database.OpenReader();
        return SourceDatabase.Time(connection.ExecuteScalar<long?>("SELECT min(next_crawl_at) FROM sources WHERE removal = 0 AND crawl_state <> 2 AND next_crawl_at > @Now", new { database.Now }));
    }

    /// <returns>False when there is none.</returns>
    public Task<bool> RequestCrawlAsync(SourceKey key, CancellationToken cancellationToken) =>
        UpdateAsync(key, "next_crawl_at = min(coalesce(next_crawl_at, @Now), @Now)", new { key.Tenant, key.Name, database.Now }, cancellationToken);

    /// <returns>False when there is none.</returns>
    public Task<bool> RequestRemovalAsync(SourceKey key, SourceRemoval removal, CancellationToken cancellationToken) =>
        UpdateAsync(key, "removal = @removal", new { key.Tenant, key.Name, removal }, cancellationToken);

    /// <summary>Begins a crawl, or goes on with one that was interrupted. Null when the source is gone.</summary>
    public async Task<Source?> BeginCrawlAsync(SourceKey key, CancellationToken cancellationToken)
    {
        await UpdateAsync(
            key,
            """
            crawl_number = crawl_number + (crawl_state <> 2), is_listed = CASE WHEN crawl_state = 2 THEN is_listed ELSE 0 END,
            left_out = CASE WHEN crawl_state = 2 THEN left_out ELSE 0 END, removed = CASE WHEN crawl_state = 2 THEN removed ELSE 0 END,
            started_at = CASE WHEN crawl_state = 2 THEN started_at ELSE @Now END, finished_at = NULL, failure_code = NULL, failure_reason = NULL, failure_remedy = NULL,
            next_crawl_at = CASE WHEN crawl_state = 2 THEN next_crawl_at END, crawl_state = 2
            """,
            new { key.Tenant, key.Name, database.Now }, cancellationToken);
        return Find(key) is { Removal: SourceRemoval.None } source ? source : null;
    }

    /// <param name="key">The source.</param>
    /// <param name="failure">Null when every page was asked for.</param>
    /// <param name="interval">To the next crawl; zero for none. One that was asked for meanwhile comes at once.</param>
    /// <param name="cancellationToken">Ends the wait for the file.</param>
    public Task<bool> EndCrawlAsync(SourceKey key, SourceFailure? failure, TimeSpan interval, CancellationToken cancellationToken) =>
        UpdateAsync(
            key,
            "crawl_state = @state, finished_at = @Now, failure_code = @Code, failure_reason = @Reason, failure_remedy = @Remedy, next_crawl_at = coalesce(next_crawl_at, @next)",
            new
            {
                key.Tenant, key.Name, database.Now, state = failure is null ? CrawlState.Succeeded : CrawlState.Failed, failure?.Code, failure?.Reason, failure?.Remedy,
                next = interval > TimeSpan.Zero ? database.Now + (long)interval.TotalMilliseconds : (long?)null,
            },
            cancellationToken);

    public Task<int> DeleteAsync(SourceKey key, CancellationToken cancellationToken) =>
        database.WriteAsync((connection, transaction) => connection.Execute("DELETE FROM sources WHERE tenant = @Tenant AND name = @Name", key, transaction), cancellationToken);

    private Task<bool> UpdateAsync(SourceKey key, string assignments, object parameters, CancellationToken cancellationToken) =>
        database.WriteAsync((connection, transaction) => connection.Execute($"UPDATE sources SET {assignments} WHERE tenant = @Tenant AND name = @Name AND removal = 0", parameters, transaction) == 1, cancellationToken);

    private Source? Find(SqliteConnection connection, SourceKey key, SqliteTransaction? transaction) =>
        connection.QuerySingleOrDefault<Row>(Select + "WHERE tenant = @Tenant AND name = @Name", key, transaction) is { } row ? Describe(connection, row, transaction) : null;

    private Source Describe(SqliteConnection connection, Row row, SqliteTransaction? transaction)
    {
        var counts = connection.Query<(PageState State, long Count)>(
            "SELECT state, count(*) FROM pages WHERE tenant = @Tenant AND source = @Name AND done_crawl = @CrawlNumber GROUP BY state", row, transaction).ToDictionary(count => count.State, count => count.Count);
        var (pages, listed) = connection.QuerySingle<(long, long)>(
            "SELECT count(*), coalesce(sum(listed_crawl = @CrawlNumber OR done_crawl = @CrawlNumber), 0) FROM pages WHERE tenant = @Tenant AND source = @Name", row, transaction);
        var isWaiting = row.CrawlState != CrawlState.Running && row.NextCrawlAt <= database.Now;
        return new Source
        {
            Key = new SourceKey(row.Tenant, row.Name),
            Definition = JsonSerializer.Deserialize<SourceDefinition>(row.Definition)!,
            Removal = row.Removal,
            NextCrawlAt = SourceDatabase.Time(row.NextCrawlAt),
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
            PageCount = pages,
            Crawl = new CrawlStanding
            {
                Number = row.CrawlNumber,
                State = isWaiting ? CrawlState.Waiting : row.CrawlState,
                IsListed = row.IsListed,
                PageCount = row.IsListed ? listed : 0,
                Changed = counts.GetValueOrDefault(PageState.Changed),
                Unchanged = counts.GetValueOrDefault(PageState.Unchanged),
                Failed = counts.GetValueOrDefault(PageState.Failed),
                Missing = counts.GetValueOrDefault(PageState.Missing),
                Removed = row.Removed,
                LeftOut = row.LeftOut,
                StartedAt = SourceDatabase.Time(row.StartedAt),
                FinishedAt = SourceDatabase.Time(row.FinishedAt),
                Failure = row.FailureCode is null ? null : new SourceFailure(row.FailureCode, row.FailureReason!, row.FailureRemedy!),
            },
        };
    }

    private sealed class Row
    {
        public string Tenant { get; init; } = "";
        public string Name { get; init; } = "";
        public string Definition { get; init; } = "";
        public SourceRemoval Removal { get; init; }
        public long CrawlNumber { get; init; }
        public CrawlState CrawlState { get; init; }
        public bool IsListed { get; init; }
        public long LeftOut { get; init; }
        public long Removed { get; init; }
        public long? StartedAt { get; init; }
        public long? FinishedAt { get; init; }
        public string? FailureCode { get; init; }
        public string? FailureReason { get; init; }
        public string? FailureRemedy { get; init; }
        public long? NextCrawlAt { get; init; }
        public long CreatedAt { get; init; }
    }
}
