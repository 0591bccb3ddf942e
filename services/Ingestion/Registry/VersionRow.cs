using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Registry;

/// <summary>A version as its columns, and how to read it.</summary>
internal sealed class VersionRow
{
    /// <summary>Of "v": whether a higher version was accepted.</summary>
    public const string IsSupersededSql = """
        EXISTS (SELECT 1 FROM versions n WHERE n.tenant = v.tenant AND n.collection = v.collection AND n.document_id = v.document_id
                AND n.version > v.version AND (n.content_bytes > 0 OR n.content_hash = '')
                AND NOT (v.is_lost = 1 AND n.state = 7 AND n.content_hash <> ''))
        """;

    private const string Select = $"""
        SELECT v.version_id AS VersionId, v.tenant AS Tenant, v.collection AS Collection, v.document_id AS DocumentId,
               v.version AS Version, v.state AS State, v.failure_step AS FailureStep, v.failure_code AS FailureCode,
               v.failure_reason AS FailureReason, v.failure_remedy AS FailureRemedy, v.content_hash AS ContentHash,
               v.content_type AS ContentType, v.title AS Title, v.uri AS Uri, v.metadata AS Metadata,
               v.content_bytes AS ContentBytes, v.text_characters AS TextCharacters, v.chunk_count AS ChunkCount,
               v.batch_count AS BatchCount, v.attempts AS Attempts, v.announced_by AS AnnouncedBy, v.batch_id AS BatchId, v.traceparent AS TraceParent,
               v.created_at AS CreatedAt, v.updated_at AS UpdatedAt, v.state_since AS StateSince,
               v.queue_state AS QueueState, d.indexed_version AS IndexedVersion, d.created_at AS DocumentCreatedAt,
               {IsSupersededSql} AS IsSuperseded
        FROM versions v JOIN documents d USING (tenant, collection, document_id)

        """;

    public long VersionId { get; init; }
    public string Tenant { get; init; } = "";
    public string Collection { get; init; } = "";
    public string DocumentId { get; init; } = "";
    public long Version { get; init; }
    public DocumentState State { get; init; }
    public string? FailureStep { get; init; }
    public string? FailureCode { get; init; }
    public string? FailureReason { get; init; }
    public string? FailureRemedy { get; init; }
    public string ContentHash { get; init; } = "";
    public string ContentType { get; init; } = "";
    public string Title { get; init; } = "";
    public string Uri { get; init; } = "";
    public string Metadata { get; init; } = "";
    public long ContentBytes { get; init; }
    public long TextCharacters { get; init; }
    public int ChunkCount { get; init; }
    public int BatchCount { get; init; }
    public int Attempts { get; init; }
    /// <summary>The process that announced it on the bus; null when none did.</summary>
    public string? AnnouncedBy { get; init; }
    public string BatchId { get; init; } = "";
    public string? TraceParent { get; init; }
    public QueueState QueueState { get; init; }
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }
    public long StateSince { get; init; }
    public long IndexedVersion { get; init; }
    public long DocumentCreatedAt { get; init; }

    /// <summary>
    /// A higher version was accepted. One that was refused on the way in supersedes nothing, and one that failed leaves
    /// searches what they had: when the index loses that, it is prepared again all the same.
    /// </summary>
    public bool IsSuperseded { get; init; }

    public static VersionRow? FindLatest(SqliteConnection connection, SqliteTransaction? transaction, DocumentKey key) =>
        connection.QuerySingleOrDefault<VersionRow>(
            Select + "WHERE v.tenant = @Tenant AND v.collection = @Collection AND v.document_id = @DocumentId AND v.version = d.latest_version", key, transaction);

    public static VersionRow? Find(SqliteConnection connection, SqliteTransaction? transaction, DocumentKey key, long version) =>
        connection.QuerySingleOrDefault<VersionRow>(
            Select + "WHERE v.tenant = @Tenant AND v.collection = @Collection AND v.document_id = @DocumentId AND v.version = @version",
            new { key.Tenant, key.Collection, key.DocumentId, version }, transaction);

    /// <summary>What <see cref="Query"/> runs.</summary>
    public static string Sql(string clauses) => Select + clauses;

    /// <param name="connection">To read on.</param>
    /// <param name="clauses">WHERE, ORDER BY and LIMIT over "v" (versions) and "d" (documents).</param>
    /// <param name="parameters">Of the clauses.</param>
    /// <param name="transaction">The one that the connection is in.</param>
    public static IEnumerable<VersionRow> Query(SqliteConnection connection, string clauses, object parameters, SqliteTransaction? transaction = null) =>
        connection.Query<VersionRow>(Sql(clauses), parameters, transaction);

    public DocumentVersion ToVersion() => new()
    {
        Key = new DocumentKey(Tenant, Collection, DocumentId),
        Version = Version,
        State = State,
        Failure = FailureCode is null ? null : new DocumentFailure(FailureStep!, FailureCode, FailureReason!, FailureRemedy!, Math.Max(1, Attempts)),
        ContentHash = ContentHash,
        ContentType = ContentType,
        Title = Title,
        Uri = Uri,
        Metadata = JsonSerializer.Deserialize<Dictionary<string, string>>(Metadata)!,
        ContentBytes = ContentBytes,
        TextCharacters = TextCharacters,
        ChunkCount = ChunkCount,
        BatchCount = BatchCount,
        Attempts = Attempts,
        BatchId = BatchId,
        TraceParent = TraceParent,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(UpdatedAt),
        IndexedVersion = IndexedVersion,
        DocumentCreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(DocumentCreatedAt),
    };
}
