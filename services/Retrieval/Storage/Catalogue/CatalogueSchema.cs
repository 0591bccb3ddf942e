namespace RagPlatform.Retrieval.Storage.Catalogue;

/// <summary>
/// What is seen is one number per document, and its chunks are in a store; only chunks of versions that are still arriving
/// are here. A version that has lost leaves with everything below it, by cascade.
/// </summary>
internal static class CatalogueSchema
{
    public static readonly string[] Migrations =
    [
        """
        -- Generations are given once and never again, so that what is left of a dropped index is never taken for another's.
        CREATE TABLE generations (last INTEGER NOT NULL);
        INSERT INTO generations (last) VALUES (0);

        -- dropped: no longer wanted, and not yet deleted from its store for sure.
        CREATE TABLE indexes (
            generation INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            collection TEXT NOT NULL,
            store TEXT NOT NULL,
            model TEXT NOT NULL,
            dimension INTEGER NOT NULL,
            configuration_hash TEXT NOT NULL,
            dropped INTEGER NOT NULL DEFAULT 0
        );

        -- generation: the index that is searched; null before the first batch. fusion, vector_weight null: the service's default.
        CREATE TABLE collections (
            tenant TEXT NOT NULL,
            name TEXT NOT NULL,
            store TEXT NOT NULL,
            fusion TEXT,
            vector_weight REAL,
            generation INTEGER REFERENCES indexes (generation),
            PRIMARY KEY (tenant, name)
        ) WITHOUT ROWID;

        CREATE TABLE aliases (
            tenant TEXT NOT NULL,
            alias TEXT NOT NULL,
            collection TEXT NOT NULL,
            PRIMARY KEY (tenant, alias)
        ) WITHOUT ROWID;

        -- visible_version 0: none. deleted_version: the highest deletion seen, kept so that nothing older comes back.
        -- lost_version: was visible until its store lost it; 0: none. lost_told_at: when that was last said, unix seconds.
        CREATE TABLE documents (
            key INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            collection TEXT NOT NULL,
            document_id TEXT NOT NULL,
            visible_version INTEGER NOT NULL DEFAULT 0,
            chunk_count INTEGER NOT NULL DEFAULT 0,
            deleted_version INTEGER NOT NULL DEFAULT 0,
            lost_version INTEGER NOT NULL DEFAULT 0,
            lost_reason TEXT NOT NULL DEFAULT '',
            lost_told_at INTEGER NOT NULL DEFAULT 0,
            UNIQUE (tenant, collection, document_id)
        );
        CREATE INDEX lost_documents ON documents (lost_told_at) WHERE lost_version > 0;

        CREATE TABLE versions (
            document INTEGER NOT NULL REFERENCES documents (key),
            version INTEGER NOT NULL,
            content_hash TEXT NOT NULL,
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

        CREATE TABLE staged_chunks (
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

        -- The last second index of each collection. generation: its target, until the build rests.
        CREATE TABLE builds (
            tenant TEXT NOT NULL,
            collection TEXT NOT NULL,
            id TEXT NOT NULL,
            state TEXT NOT NULL,
            generation INTEGER,
            store TEXT NOT NULL,
            model TEXT NOT NULL,
            dimension INTEGER NOT NULL,
            chunk_again INTEGER NOT NULL,
            done_documents INTEGER NOT NULL DEFAULT 0,
            total_documents INTEGER NOT NULL DEFAULT 0,
            started_at INTEGER NOT NULL,
            failure TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (tenant, collection)
        ) WITHOUT ROWID;
        """,
        """
        -- chunking_hash: of the tokenizer and chunk sizes; of an index that by which the last document was cut. Empty while unknown.
        ALTER TABLE indexes ADD COLUMN chunking_hash TEXT NOT NULL DEFAULT '';
        ALTER TABLE documents ADD COLUMN chunking_hash TEXT NOT NULL DEFAULT '';
        ALTER TABLE versions ADD COLUMN chunking_hash TEXT NOT NULL DEFAULT '';
        ALTER TABLE builds ADD COLUMN resume_count INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX documents_by_chunking ON documents (tenant, collection, chunking_hash) WHERE visible_version > 0;
        """,
        """
        -- rerank_model null: nothing is reranked. rerank_candidates null: the service's default.
        ALTER TABLE collections ADD COLUMN rerank_model TEXT;
        ALTER TABLE collections ADD COLUMN rerank_candidates INTEGER;
        """,
        """
        -- How documents are to be cut; null: the ingestion service's default.
        ALTER TABLE collections ADD COLUMN chunking_strategy TEXT;
        ALTER TABLE collections ADD COLUMN chunking_max_tokens INTEGER;
        ALTER TABLE collections ADD COLUMN chunking_overlap_tokens INTEGER;
        ALTER TABLE collections ADD COLUMN chunking_parent_tokens INTEGER;
        """,
    ];
}
