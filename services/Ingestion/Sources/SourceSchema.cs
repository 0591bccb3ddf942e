namespace RagPlatform.Ingestion.Sources;

/// <summary>The tables of web sources. Times are Unix milliseconds. A page is done with a crawl when done_crawl is that crawl's number.</summary>
internal static class SourceSchema
{
    public static readonly IReadOnlyList<string> Migrations =
    [
        """
        CREATE TABLE sources (
            tenant TEXT NOT NULL,
            name TEXT NOT NULL,
            definition TEXT NOT NULL,
            removal INTEGER NOT NULL DEFAULT 0,
            crawl_number INTEGER NOT NULL DEFAULT 0,
            crawl_state INTEGER NOT NULL DEFAULT 0,
            is_listed INTEGER NOT NULL DEFAULT 0,
            left_out INTEGER NOT NULL DEFAULT 0,
            removed INTEGER NOT NULL DEFAULT 0,
            started_at INTEGER,
            finished_at INTEGER,
            failure_code TEXT,
            failure_reason TEXT,
            failure_remedy TEXT,
            next_crawl_at INTEGER,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (tenant, name)
        ) WITHOUT ROWID;

        CREATE TABLE pages (
            tenant TEXT NOT NULL,
            source TEXT NOT NULL,
            url TEXT NOT NULL,
            document_id TEXT NOT NULL DEFAULT '',
            state INTEGER NOT NULL DEFAULT 0,
            http_status INTEGER NOT NULL DEFAULT 0,
            etag TEXT NOT NULL DEFAULT '',
            last_modified TEXT NOT NULL DEFAULT '',
            content_hash TEXT NOT NULL DEFAULT '',
            description_hash TEXT NOT NULL DEFAULT '',
            fetched_at INTEGER,
            changed_at INTEGER,
            missing_since INTEGER,
            failure_code TEXT,
            failure_reason TEXT,
            failure_remedy TEXT,
            listed_crawl INTEGER NOT NULL DEFAULT 0,
            done_crawl INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (tenant, source, url),
            FOREIGN KEY (tenant, source) REFERENCES sources (tenant, name) ON DELETE CASCADE
        ) WITHOUT ROWID;
        CREATE INDEX pages_by_crawl ON pages (tenant, source, done_crawl, state);
        """,
    ];
}
