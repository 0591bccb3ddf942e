namespace RagPlatform.Retrieval.Storage.EmbeddedStore;

/// <summary>
/// A version's rows are the same whether it is staged or visible: which one is visible is a single number, so that a
/// switch moves no data. A version that has lost leaves with everything below it, by cascade.
/// </summary>
internal static class EmbeddedStoreSchema
{
    public static readonly string[] Migrations =
    [
        """
        CREATE TABLE collections (
            tenant TEXT NOT NULL,
            name TEXT NOT NULL,
            model TEXT NOT NULL,
            dimension INTEGER NOT NULL,
            PRIMARY KEY (tenant, name)
        ) WITHOUT ROWID;

        -- visible_version 0: none. deleted_version: the highest deletion seen, kept so that nothing older comes back.
        CREATE TABLE documents (
            key INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            collection TEXT NOT NULL,
            document_id TEXT NOT NULL,
            visible_version INTEGER NOT NULL DEFAULT 0,
            deleted_version INTEGER NOT NULL DEFAULT 0,
            UNIQUE (tenant, collection, document_id)
        );

        CREATE TABLE versions (
            document INTEGER NOT NULL REFERENCES documents (key),
            version INTEGER NOT NULL,
            content_hash TEXT NOT NULL,
            title TEXT NOT NULL,
            uri TEXT NOT NULL,
            metadata TEXT NOT NULL,
            model TEXT NOT NULL,
            dimension INTEGER NOT NULL,
            batch_count INTEGER NOT NULL,
            chunk_count INTEGER NOT NULL,
            PRIMARY KEY (document, version)
        ) WITHOUT ROWID;

        CREATE TABLE staged_batches (
            document INTEGER NOT NULL,
            version INTEGER NOT NULL,
            batch_index INTEGER NOT NULL,
            PRIMARY KEY (document, version, batch_index),
            FOREIGN KEY (document, version) REFERENCES versions (document, version) ON DELETE CASCADE
        ) WITHOUT ROWID;

        CREATE TABLE chunks (
            document INTEGER NOT NULL,
            version INTEGER NOT NULL,
            ordinal INTEGER NOT NULL,
            chunk_id TEXT NOT NULL,
            text TEXT NOT NULL,
            start_offset INTEGER NOT NULL,
            end_offset INTEGER NOT NULL,
            heading_path TEXT NOT NULL,
            vector BLOB NOT NULL,
            PRIMARY KEY (document, version, ordinal),
            FOREIGN KEY (document, version) REFERENCES versions (document, version) ON DELETE CASCADE
        );
        """,
    ];
}
