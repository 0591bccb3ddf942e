using Dapper;
using Microsoft.Data.Sqlite;
using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Registry;

/// <summary>Every document's history: one log, read by callers, by watchers and by those who publish results.</summary>
public sealed class DocumentLog(RegistryDatabase registry)
{
    private const string Select = """
        SELECT sequence AS Sequence, tenant AS Tenant, collection AS Collection, document_id AS DocumentId, version AS Version, state AS State,
               failure_step AS FailureStep, failure_code AS FailureCode, failure_reason AS FailureReason, failure_remedy AS FailureRemedy,
               attempts AS Attempts, detail AS Detail, content_hash AS ContentHash, chunk_count AS ChunkCount,
               occurred_at AS OccurredAt, traceparent AS TraceParent, batch_id AS BatchId
        FROM document_events

        """;

    /// <summary>Of the log that <see cref="ReadAfter(CatalogFilter, long, int)"/> looks at.</summary>
    private const int PageEntries = 5000;

    private const string OfDocument = "WHERE tenant = @Tenant AND collection = @Collection AND document_id = @DocumentId ";

    /// <summary>The latest <paramref name="limit"/> of the document's, oldest first.</summary>
    public IReadOnlyList<DocumentEvent> ReadLatest(DocumentKey key, int limit)
    {
        ArgumentNullException.ThrowIfNull(key);
        return [.. Read(Select + OfDocument + "ORDER BY sequence DESC LIMIT @limit", new { key.Tenant, key.Collection, key.DocumentId, limit }).Reverse()];
    }

    /// <summary>The document's after <paramref name="sequence"/>, oldest first.</summary>
    public IReadOnlyList<DocumentEvent> ReadAfter(DocumentKey key, long sequence, int limit)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Read(Select + OfDocument + "AND sequence > @sequence ORDER BY sequence LIMIT @limit", new { key.Tenant, key.Collection, key.DocumentId, sequence, limit });
    }

    /// <summary>The sequence of the latest entry of all; 0 while there is none.</summary>
    public long Newest()
    {
        using var connection = registry.OpenReader();
        return connection.ExecuteScalar<long?>("SELECT max(sequence) FROM document_events") ?? 0;
    }

    /// <summary>Of any document that the filter lets through, oldest first. Looks at a bounded part of the log, so that a rare match costs no long read.</summary>
    /// <param name="filter">Its state is the one that documents changed to.</param>
    /// <param name="sequence">Begins after it.</param>
    /// <param name="limit">At most so many.</param>
    public ChangePage ReadAfter(CatalogFilter filter, long sequence, int limit)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var newest = Newest();
        var end = Math.Min(newest, sequence + PageEntries);
        var changes = Read(ChangesSql(filter), new { filter.Tenant, filter.Collection, filter.State, filter.BatchId, sequence, end, limit });
        var reached = changes.Length == limit ? changes[^1].Sequence : Math.Max(sequence, end);
        return new ChangePage(changes, reached, IsAtEnd: reached >= newest);
    }

    /// <summary>The plus keeps the planner on the log's own order.</summary>
    internal static string ChangesSql(CatalogFilter filter) =>
        $"""
        {Select} WHERE sequence > @sequence AND sequence <= @end AND +tenant = @Tenant
        {(filter.Collection.Length > 0 ? "AND +collection = @Collection" : "")}
        {(filter.State is null ? "" : "AND +state = @State")}
        {(filter.BatchId.Length > 0 ? "AND batch_id = @BatchId" : "")}
        ORDER BY sequence LIMIT @limit
        """;

    /// <summary>Results (indexed, failed, deleted) of all documents that have not been published, oldest first.</summary>
    public IReadOnlyList<DocumentEvent> ReadUnpublished(int limit) =>
        Read(Select + "WHERE published_at IS NULL AND state IN (6, 7, 9) ORDER BY sequence LIMIT @limit", new { limit });

    public Task MarkPublishedAsync(IReadOnlyList<DocumentEvent> events, CancellationToken cancellationToken) =>
        registry.WriteQuietlyAsync(
            write => write.Execute("UPDATE document_events SET published_at = @now WHERE sequence IN @sequences", new { now = write.Now, sequences = events.Select(one => one.Sequence) }),
            cancellationToken);

    private DocumentEvent[] Read(string sql, object parameters)
    {
        using var connection = registry.OpenReader();
        return [.. connection.Query<EventRow>(sql, parameters).Select(row => row.ToEvent())];
    }

    private sealed class EventRow
    {
        public long Sequence { get; init; }
        public string Tenant { get; init; } = "";
        public string Collection { get; init; } = "";
        public string DocumentId { get; init; } = "";
        public long Version { get; init; }
        public DocumentState State { get; init; }
        public string? FailureStep { get; init; }
        public string? FailureCode { get; init; }
        public string? FailureReason { get; init; }
        public string? FailureRemedy { get; init; }
        public int Attempts { get; init; }
        public string Detail { get; init; } = "";
        public string ContentHash { get; init; } = "";
        public int ChunkCount { get; init; }
        public long OccurredAt { get; init; }
        public string? TraceParent { get; init; }
        public string BatchId { get; init; } = "";

        public DocumentEvent ToEvent() => new()
        {
            Sequence = Sequence,
            Key = new DocumentKey(Tenant, Collection, DocumentId),
            Version = Version,
            State = State,
            Failure = FailureCode is null ? null : new DocumentFailure(FailureStep!, FailureCode, FailureReason!, FailureRemedy!, Attempts),
            Detail = Detail,
            OccurredAt = DateTimeOffset.FromUnixTimeMilliseconds(OccurredAt),
            TraceParent = TraceParent,
            ContentHash = ContentHash,
            ChunkCount = ChunkCount,
            BatchId = BatchId,
        };
    }
}

/// <param name="Changes">Oldest first.</param>
/// <param name="Sequence">Everything up to it has been looked at.</param>
/// <param name="IsAtEnd">There is nothing after it yet.</param>
public sealed record ChangePage(IReadOnlyList<DocumentEvent> Changes, long Sequence, bool IsAtEnd);
