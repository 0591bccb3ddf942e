namespace RagPlatform.Ingestion.Registry;

/// <summary>What operators keep in the registry: pauses, and drops that belong to no document.</summary>
internal static class OperationSchema
{
    public const string Script = """
        -- An empty tenant means all of them, an empty collection all of the tenant's.
        CREATE TABLE pauses (
            tenant TEXT NOT NULL,
            collection TEXT NOT NULL,
            reason TEXT NOT NULL,
            paused_at INTEGER NOT NULL,
            PRIMARY KEY (tenant, collection)
        ) WITHOUT ROWID;

        -- An empty tenant: it could not be told whose the drop is. The same body refused again is the same drop.
        CREATE TABLE rejected_drops (
            drop_id INTEGER PRIMARY KEY AUTOINCREMENT,
            tenant TEXT NOT NULL,
            field TEXT NOT NULL,
            code TEXT NOT NULL,
            reason TEXT NOT NULL,
            remedy TEXT NOT NULL,
            rejected_at INTEGER NOT NULL,
            traceparent TEXT,
            body_hash TEXT NOT NULL UNIQUE,
            body_bytes INTEGER NOT NULL,
            kept_bytes INTEGER NOT NULL,
            body BLOB
        );
        CREATE INDEX rejected_drops_by_tenant ON rejected_drops (tenant, drop_id);
        CREATE INDEX rejected_drops_by_size ON rejected_drops (drop_id, kept_bytes);
        """;
}
