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
        """
        ALTER TABLE versions ADD COLUMN queue_state INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE versions ADD COLUMN queue_rank INTEGER NOT NULL DEFAULT 0;
        DROP INDEX versions_unfinished;
        UPDATE versions AS v SET queue_rank = created_at, queue_state = CASE WHEN not_before > 0 THEN 2 ELSE 1 END
        WHERE state IN (1, 2, 3, 4, 5) AND (is_lost = 1 OR NOT EXISTS (
            SELECT 1 FROM versions n WHERE n.tenant = v.tenant AND n.collection = v.collection AND n.document_id = v.document_id
            AND n.version > v.version AND (n.content_bytes > 0 OR n.content_hash = '')));
        CREATE INDEX versions_waiting ON versions (tenant, collection, queue_rank, version_id) WHERE queue_state = 1;
        CREATE INDEX versions_postponed ON versions (not_before) WHERE queue_state = 2;
        CREATE INDEX versions_queued ON versions (queue_state, updated_at) WHERE queue_state > 0;
        CREATE INDEX versions_deleting ON versions (updated_at) WHERE state = 8;
        """,
        """
        -- All of a document but its text, in the forms of engines/Documents/Outlines. parents null: it was not cut into any.
        CREATE TABLE outlines (
            version_id INTEGER PRIMARY KEY REFERENCES texts ON DELETE CASCADE,
            description BLOB NOT NULL,
            parents BLOB,
            places BLOB NOT NULL,
            structure BLOB NOT NULL
        );
        """,
        BatchSchema.Script,
        OperationSchema.Script,
        BatchSchema.DocumentsScript,
    ];
}
