namespace RagPlatform.Ingestion.Registry;

/// <summary>
/// Batches, and counters that the database keeps itself: whatever writes a version or a document, the counts are right
/// in the same commit, and reading them costs the same for ten documents as for a million.
/// </summary>
internal static class BatchSchema
{
    /// <summary>The length of <c>batch_progress</c>'s slots.</summary>
    public const int SlotMilliseconds = 5_000;

    /// <summary>Slots that are kept of a batch: an hour's.</summary>
    private const int KeptSlots = 720;

    private static readonly string Counts = $"""
        CREATE TABLE document_counts (
            tenant TEXT NOT NULL,
            collection TEXT NOT NULL,
            state INTEGER NOT NULL,
            documents INTEGER NOT NULL,
            PRIMARY KEY (tenant, collection, state)
        ) WITHOUT ROWID;
        INSERT INTO document_counts SELECT tenant, collection, state, count(*) FROM documents GROUP BY tenant, collection, state;
        CREATE TRIGGER documents_counted AFTER INSERT ON documents BEGIN
            {Count("NEW", 1)};
        END;
        CREATE TRIGGER documents_recounted AFTER UPDATE OF state ON documents WHEN OLD.state <> NEW.state BEGIN
            {Count("OLD", -1)};
            {Count("NEW", 1)};
        END;
        CREATE TRIGGER documents_uncounted AFTER DELETE ON documents BEGIN
            {Count("OLD", -1)};
        END;
        """;

    private static readonly string Batches = $"""
        ALTER TABLE versions ADD COLUMN batch_id TEXT NOT NULL DEFAULT '';
        ALTER TABLE versions ADD COLUMN embedded_chunks INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE versions ADD COLUMN is_overtaken INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE document_events ADD COLUMN batch_id TEXT NOT NULL DEFAULT '';
        CREATE INDEX versions_by_batch ON versions (tenant, batch_id, collection, document_id) WHERE batch_id <> '';
        CREATE INDEX versions_failed ON versions (tenant, batch_id, collection, document_id) WHERE state = {(int)DocumentState.Failed};

        CREATE TABLE batches (
            tenant TEXT NOT NULL,
            batch_id TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            last_put_at INTEGER NOT NULL,
            expected_documents INTEGER NOT NULL DEFAULT 0,
            expected_bytes INTEGER NOT NULL DEFAULT 0,
            unchanged INTEGER NOT NULL DEFAULT 0,
            unchanged_bytes INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (tenant, batch_id)
        ) WITHOUT ROWID;
        CREATE INDEX batches_by_time ON batches (tenant, created_at, batch_id);

        CREATE TABLE batch_counts (
            tenant TEXT NOT NULL,
            batch_id TEXT NOT NULL,
            state INTEGER NOT NULL,
            content_type TEXT NOT NULL,
            size_class INTEGER NOT NULL,
            documents INTEGER NOT NULL,
            content_bytes INTEGER NOT NULL,
            text_characters INTEGER NOT NULL,
            chunks INTEGER NOT NULL,
            embedded_chunks INTEGER NOT NULL,
            PRIMARY KEY (tenant, batch_id, state, content_type, size_class)
        ) WITHOUT ROWID;
        CREATE TRIGGER versions_counted AFTER INSERT ON versions WHEN NEW.batch_id <> '' BEGIN
            {CountInBatch("NEW", 1)};
        END;
        CREATE TRIGGER versions_recounted AFTER UPDATE OF state, batch_id, is_overtaken, text_characters, chunk_count, embedded_chunks ON versions
        WHEN OLD.batch_id <> '' OR NEW.batch_id <> '' BEGIN
            {CountInBatch("OLD", -1)};
            {CountInBatch("NEW", 1)};
        END;
        CREATE TRIGGER versions_uncounted AFTER DELETE ON versions WHEN OLD.batch_id <> '' BEGIN
            {CountInBatch("OLD", -1)};
            {CountInBatch("OLD", 1, $"{(int)DocumentState.Deleted}")};
        END;

        CREATE TABLE batch_progress (
            tenant TEXT NOT NULL,
            batch_id TEXT NOT NULL,
            slot INTEGER NOT NULL,
            chunks INTEGER NOT NULL,
            characters INTEGER NOT NULL,
            PRIMARY KEY (tenant, batch_id, slot)
        ) WITHOUT ROWID;
        CREATE TRIGGER versions_progressed AFTER UPDATE OF embedded_chunks ON versions
        WHEN NEW.batch_id <> '' AND NEW.embedded_chunks > OLD.embedded_chunks BEGIN
            INSERT INTO batch_progress (tenant, batch_id, slot, chunks, characters)
            VALUES (NEW.tenant, NEW.batch_id, NEW.updated_at / {SlotMilliseconds}, NEW.embedded_chunks - OLD.embedded_chunks,
                NEW.text_characters * (NEW.embedded_chunks - OLD.embedded_chunks) / max(NEW.chunk_count, 1))
            ON CONFLICT (tenant, batch_id, slot) DO UPDATE SET chunks = chunks + excluded.chunks, characters = characters + excluded.characters;
        END;
        CREATE TRIGGER batch_progress_bounded AFTER INSERT ON batch_progress BEGIN
            DELETE FROM batch_progress WHERE tenant = NEW.tenant AND batch_id = NEW.batch_id AND slot < NEW.slot - {KeptSlots};
        END;
        """;

    public static string Script { get; } = $"{Counts}\n{Batches}";

    /// <summary>Slots know documents, too.</summary>
    public static string DocumentsScript { get; } = $"""
        ALTER TABLE batch_progress ADD COLUMN documents REAL NOT NULL DEFAULT 0;
        DROP TRIGGER versions_progressed;
        CREATE TRIGGER versions_progressed AFTER UPDATE OF embedded_chunks ON versions
        WHEN NEW.batch_id <> '' AND NEW.embedded_chunks > OLD.embedded_chunks BEGIN
            INSERT INTO batch_progress (tenant, batch_id, slot, chunks, characters, documents)
            VALUES (NEW.tenant, NEW.batch_id, NEW.updated_at / {SlotMilliseconds}, NEW.embedded_chunks - OLD.embedded_chunks,
                NEW.text_characters * (NEW.embedded_chunks - OLD.embedded_chunks) / max(NEW.chunk_count, 1),
                1.0 * (NEW.embedded_chunks - OLD.embedded_chunks) / max(NEW.chunk_count, 1))
            ON CONFLICT (tenant, batch_id, slot) DO UPDATE SET
                chunks = chunks + excluded.chunks, characters = characters + excluded.characters, documents = documents + excluded.documents;
        END;
        """;

    private static string Count(string row, int by) => $"""
        INSERT INTO document_counts (tenant, collection, state, documents) VALUES ({row}.tenant, {row}.collection, {row}.state, {by})
            ON CONFLICT (tenant, collection, state) DO UPDATE SET documents = documents + excluded.documents
        """;

    /// <param name="row">"OLD" or "NEW".</param>
    /// <param name="sign">1 or -1.</param>
    /// <param name="state">The row's when null; 0 for one that a newer version has overtaken on its way.</param>
    private static string CountInBatch(string row, int sign, string? state = null)
    {
        state ??= $"CASE WHEN {row}.is_overtaken = 1 AND {row}.state <= {(int)DocumentState.Indexing} THEN 0 ELSE {row}.state END";
        return $"""
            INSERT INTO batch_counts (tenant, batch_id, state, content_type, size_class, documents, content_bytes, text_characters, chunks, embedded_chunks)
                SELECT {row}.tenant, {row}.batch_id, {state}, {row}.content_type, {SizeClass(row)},
                    {sign}, {sign} * {row}.content_bytes, {sign} * {row}.text_characters, {sign} * {row}.chunk_count, {sign} * {row}.embedded_chunks
                WHERE {row}.batch_id <> ''
                ON CONFLICT (tenant, batch_id, state, content_type, size_class) DO UPDATE SET
                    documents = documents + excluded.documents, content_bytes = content_bytes + excluded.content_bytes,
                    text_characters = text_characters + excluded.text_characters, chunks = chunks + excluded.chunks,
                    embedded_chunks = embedded_chunks + excluded.embedded_chunks
            """;
    }

    /// <summary>A step is a factor of four: within one, documents of a type give about as many chunks for a byte.</summary>
    private static string SizeClass(string row) =>
        $"CASE {string.Concat(Enumerable.Range(0, 9).Select(step => $"WHEN {row}.content_bytes < {256L << (2 * step)} THEN {step} "))}ELSE 9 END";
}
