using Dapper;
using Microsoft.Data.Sqlite;

namespace RagPlatform.Ingestion.Registry;

/// <summary>Where a page of batches begins: after this one.</summary>
public sealed record BatchPosition(long CreatedAt, string BatchId);

/// <summary>Reads batches by their counters, and declares them.</summary>
public sealed class BatchCatalog(RegistryDatabase registry)
{
    private const string Select = """
        SELECT tenant AS Tenant, batch_id AS BatchId, created_at AS CreatedAt, last_put_at AS LastPutAt, expected_documents AS ExpectedDocuments,
               expected_bytes AS ExpectedBytes, unchanged AS Unchanged, unchanged_bytes AS UnchangedBytes
        FROM batches

        """;

    internal const string FailedClauses = "WHERE v.tenant = @tenant AND v.batch_id = @batchId AND v.state = 7 ORDER BY v.collection, v.document_id LIMIT @limit";

    public Batch? Find(string tenant, string batchId)
    {
        using var connection = registry.OpenReader();
        using var snapshot = connection.BeginTransaction(deferred: true);
        return connection.QuerySingleOrDefault<BatchRow>(Select + "WHERE tenant = @tenant AND batch_id = @batchId", new { tenant, batchId }, snapshot) is { } row
            ? Complete(row, connection, snapshot)
            : null;
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Batch> List(string tenant, BatchPosition? after, int limit)
    {
        using var connection = registry.OpenReader();
        using var snapshot = connection.BeginTransaction(deferred: true);
        var rows = connection.Query<BatchRow>(
            $"""
            {Select} WHERE tenant = @tenant {(after is null ? "" : "AND (created_at, batch_id) < (@CreatedAt, @BatchId)")}
            ORDER BY created_at DESC, batch_id DESC LIMIT @limit
            """,
            new { tenant, after?.CreatedAt, after?.BatchId, limit }, snapshot).AsList();
        return [.. rows.Select(row => Complete(row, connection, snapshot))];
    }

    /// <summary>Of which the batch has documents, by name; each is one seek.</summary>
    public IReadOnlyList<string> ListCollections(string tenant, string batchId, int limit)
    {
        using var connection = registry.OpenReader();
        var collections = new List<string>();
        while (collections.Count < limit
            && connection.ExecuteScalar<string?>(
                "SELECT min(collection) FROM versions WHERE tenant = @tenant AND batch_id = @batchId AND batch_id <> '' AND collection > @after",
                new { tenant, batchId, after = collections.Count == 0 ? "" : collections[^1] }) is { } next)
        {
            collections.Add(next);
        }

        return collections;
    }

    /// <summary>Failed versions of the batch, by collection and id.</summary>
    public IReadOnlyList<DocumentVersion> ListFailed(string tenant, string batchId, int limit)
    {
        using var connection = registry.OpenReader();
        return
        [
            .. VersionRow.Query(
                connection,
                FailedClauses,
                new { tenant, batchId, limit }).Select(row => row.ToVersion()),
        ];
    }

    /// <summary>Says how much the batch will hold; it comes into being where it is not there.</summary>
    public async Task<Batch> DeclareAsync(string tenant, string batchId, long expectedDocuments, long expectedBytes, CancellationToken cancellationToken)
    {
        await registry.WriteQuietlyAsync(
            write => write.Execute(
                """
                INSERT INTO batches (tenant, batch_id, created_at, last_put_at, expected_documents, expected_bytes)
                VALUES (@tenant, @batchId, @Now, @Now, @expectedDocuments, @expectedBytes)
                ON CONFLICT (tenant, batch_id) DO UPDATE SET expected_documents = @expectedDocuments, expected_bytes = @expectedBytes
                """,
                new { tenant, batchId, expectedDocuments, expectedBytes, write.Now }),
            cancellationToken);
        return Find(tenant, batchId)!;
    }

    private static Batch Complete(BatchRow row, SqliteConnection connection, SqliteTransaction snapshot)
    {
        var key = new { row.Tenant, row.BatchId };
        var groups = connection.Query<GroupRow>(
            """
            SELECT state AS State, content_type AS ContentType, size_class AS SizeClass, documents AS Documents, content_bytes AS ContentBytes,
                   text_characters AS TextCharacters, chunks AS Chunks, embedded_chunks AS EmbeddedChunks
            FROM batch_counts WHERE tenant = @Tenant AND batch_id = @BatchId AND documents > 0
            """,
            key, snapshot);
        var slots = connection.Query<(long Slot, long Chunks, long Characters, double Documents)>(
            "SELECT slot, chunks, characters, documents FROM batch_progress WHERE tenant = @Tenant AND batch_id = @BatchId ORDER BY slot", key, snapshot);
        return new Batch
        {
            Tenant = row.Tenant,
            Id = row.BatchId,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
            LastPutAt = DateTimeOffset.FromUnixTimeMilliseconds(row.LastPutAt),
            ExpectedDocuments = row.ExpectedDocuments,
            ExpectedBytes = row.ExpectedBytes,
            Unchanged = row.Unchanged,
            UnchangedBytes = row.UnchangedBytes,
            Groups = [.. groups.Select(group => group.ToGroup())],
            Slots = [.. slots.Select(slot => new BatchSlot(DateTimeOffset.FromUnixTimeMilliseconds(slot.Slot * BatchSchema.SlotMilliseconds), slot.Chunks, slot.Characters, slot.Documents))],
        };
    }

    private sealed class BatchRow
    {
        public string Tenant { get; init; } = "";
        public string BatchId { get; init; } = "";
        public long CreatedAt { get; init; }
        public long LastPutAt { get; init; }
        public long ExpectedDocuments { get; init; }
        public long ExpectedBytes { get; init; }
        public long Unchanged { get; init; }
        public long UnchangedBytes { get; init; }
    }

    private sealed class GroupRow
    {
        public int State { get; init; }
        public string ContentType { get; init; } = "";
        public int SizeClass { get; init; }
        public long Documents { get; init; }
        public long ContentBytes { get; init; }
        public long TextCharacters { get; init; }
        public long Chunks { get; init; }
        public long EmbeddedChunks { get; init; }

        public BatchGroup ToGroup() =>
            new(State == 0 ? null : (DocumentState)State, ContentType, SizeClass, Documents, ContentBytes, TextCharacters, Chunks, EmbeddedChunks);
    }
}
