using Dapper;
using Microsoft.Data.Sqlite;
using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Registry;

/// <summary>Looks along the queue, one seek in its index at a time. Dispose it to give the connection back.</summary>
public sealed class QueueReader : IDisposable
{
    private readonly SqliteConnection _connection;

    internal QueueReader(SqliteConnection connection) => _connection = connection;

    /// <summary>The first tenant after this one of whom a version waits; null when there is none. By ordinal.</summary>
    public string? NextTenant(string after) =>
        _connection.QueryFirstOrDefault<string>("SELECT tenant FROM versions WHERE queue_state = 1 AND tenant > @after ORDER BY tenant LIMIT 1", new { after });

    /// <summary>The tenant's first collection after this one in which a version waits; null when there is none.</summary>
    public string? NextCollection(string tenant, string after) =>
        _connection.QueryFirstOrDefault<string>(
            "SELECT collection FROM versions WHERE queue_state = 1 AND tenant = @tenant AND collection > @after ORDER BY collection LIMIT 1", new { tenant, after });

    /// <summary>The collection's first version by <see cref="QueueRank"/>, of another document than these.</summary>
    public WaitingVersion? First(string tenant, string collection, IReadOnlySet<DocumentKey> except)
    {
        ArgumentNullException.ThrowIfNull(except);
        // Of one document two versions may wait: one that the index has lost, and a newer one.
        return _connection.Query<Row>(
            $"""
            SELECT document_id AS DocumentId, version AS Version, content_bytes AS ContentBytes, traceparent AS TraceParent FROM versions v
            WHERE queue_state = 1 AND tenant = @tenant AND collection = @collection AND NOT {VersionRow.IsSupersededSql}
            ORDER BY queue_rank, version_id LIMIT @limit
            """,
            new { tenant, collection, limit = (2 * except.Count) + 1 })
            .Select(row => new WaitingVersion(new DocumentKey(tenant, collection, row.DocumentId), row.Version, row.ContentBytes, row.TraceParent))
            .FirstOrDefault(version => !except.Contains(version.Key));
    }

    public void Dispose() => _connection.Dispose();

    private sealed class Row
    {
        public string DocumentId { get; init; } = "";
        public long Version { get; init; }
        public long ContentBytes { get; init; }
        public string? TraceParent { get; init; }
    }
}
