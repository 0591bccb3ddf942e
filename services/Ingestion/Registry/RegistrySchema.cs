namespace RagPlatform.Ingestion.Registry;

/// <summary>
/// The registry's tables. Times are Unix milliseconds; texts are UTF-16LE, so that a passage's offsets are byte
/// offsets and any text the extractor gives can be stored.
/// </summary>
internal static class RegistrySchema
{
    public static readonly IReadOnlyList<string> Migrations =
    [
        """
        CREATE TABLE documents (
            tenant TEXT NOT NULL,
            collection TEXT NOT NULL,
            document_id TEXT NOT NULL,
            latest_version INTEGER NOT NULL,
            state INTEGER NOT NULL,
            indexed_version INTEGER NOT NULL DEFAULT 0,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (tenant, collection, document_id)
        ) WITHOUT ROWID;
        CREATE INDEX documents_by_state ON documents (tenant, state);

        CREATE TABLE versions (
            version_id INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            collection TEXT NOT NULL,
            document_id TEXT NOT NULL,
            version INTEGER NOT NULL,
            state INTEGER NOT NULL,
            failure_step TEXT,
            failure_code TEXT,
            failure_reason TEXT,
            failure_remedy TEXT,
            content_hash TEXT NOT NULL,
            content_type TEXT NOT NULL,
            title TEXT NOT NULL,
            uri TEXT NOT NULL,
            metadata TEXT NOT NULL,
            content_bytes INTEGER NOT NULL,
            text_characters INTEGER NOT NULL DEFAULT 0,
            chunk_count INTEGER NOT NULL DEFAULT 0,
            batch_count INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0,
            traceparent TEXT,
            announced_by TEXT,
            not_before INTEGER NOT NULL DEFAULT 0,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            state_since INTEGER NOT NULL,
            UNIQUE (tenant, collection, document_id, version)
        );
        CREATE INDEX versions_unfinished ON versions (updated_at) WHERE state IN (1, 2, 3, 4, 5, 8);

        CREATE TABLE contents (
            version_id INTEGER PRIMARY KEY REFERENCES versions ON DELETE CASCADE,
            content BLOB NOT NULL
        );

        CREATE TABLE texts (
            version_id INTEGER PRIMARY KEY REFERENCES versions ON DELETE CASCADE,
            text BLOB NOT NULL
        );

        CREATE TABLE embedded_batches (
            version_id INTEGER NOT NULL REFERENCES versions ON DELETE CASCADE,
            batch_index INTEGER NOT NULL,
            PRIMARY KEY (version_id, batch_index)
        ) WITHOUT ROWID;

        CREATE TABLE document_events (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            tenant TEXT NOT NULL,
            collection TEXT NOT NULL,
            document_id TEXT NOT NULL,
            version INTEGER NOT NULL,
            state INTEGER NOT NULL,
            failure_step TEXT,
            failure_code TEXT,
            failure_reason TEXT,
            failure_remedy TEXT,
            attempts INTEGER NOT NULL,
            detail TEXT NOT NULL,
            content_hash TEXT NOT NULL,
            chunk_count INTEGER NOT NULL,
            occurred_at INTEGER NOT NULL,
            traceparent TEXT,
            published_at INTEGER
        );
        CREATE INDEX document_events_by_document ON document_events (tenant, collection, document_id, sequence);
        CREATE INDEX document_events_unpublished ON document_events (sequence) WHERE published_at IS NULL AND state IN (6, 7, 9);
        """,
        """
        ALTER TABLE versions ADD COLUMN is_lost INTEGER NOT NULL DEFAULT 0;
        """,
    ];
}
