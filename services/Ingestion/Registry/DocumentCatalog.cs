using Dapper;
using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Registry;

/// <summary>Where a page of a list begins: after this document.</summary>
public sealed record CatalogPosition(string Collection, string DocumentId);

/// <summary>Looks documents up, each as its latest version.</summary>
public sealed class DocumentCatalog(RegistryDatabase registry)
{
    public DocumentVersion? Find(DocumentKey key)
    {
        using var connection = registry.OpenReader();
        return VersionRow.FindLatest(connection, null, key)?.ToVersion();
    }

    public DocumentVersion? Find(DocumentKey key, long version)
    {
        using var connection = registry.OpenReader();
        return VersionRow.Find(connection, null, key, version)?.ToVersion();
    }

    /// <summary>By collection, then id.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="collection">All of the tenant's when empty.</param>
    /// <param name="state">All but deleted when null.</param>
    /// <param name="after">The first page when null.</param>
    /// <param name="limit">At most so many.</param>
    public IReadOnlyList<DocumentVersion> List(string tenant, string collection, DocumentState? state, CatalogPosition? after, int limit)
    {
        using var connection = registry.OpenReader();
        return
        [
            .. VersionRow.Query(
                connection,
                $"""
                WHERE v.version = d.latest_version AND d.tenant = @tenant
                {(collection.Length > 0 ? "AND d.collection = @collection" : "")}
                AND {(state is null ? "d.state <> 9" : "d.state = @state")}
                {(after is null ? "" : "AND (d.collection, d.document_id) > (@afterCollection, @afterDocumentId)")}
                ORDER BY d.tenant, d.collection, d.document_id LIMIT @limit
                """,
                new { tenant, collection, state, afterCollection = after?.Collection, afterDocumentId = after?.DocumentId, limit }).Select(row => row.ToVersion()),
        ];
    }

    /// <summary>Over all pages of <see cref="List"/>.</summary>
    public long Count(string tenant, string collection, DocumentState? state)
    {
        using var connection = registry.OpenReader();
        return connection.ExecuteScalar<long>(
            $"""
            SELECT count(*) FROM documents WHERE tenant = @tenant {(collection.Length > 0 ? "AND collection = @collection" : "")}
            AND {(state is null ? "state <> 9" : "state = @state")}
            """,
            new { tenant, collection, state });
    }

    /// <summary>Documents by state; of all tenants when null.</summary>
    public IReadOnlyDictionary<DocumentState, long> CountByState(string? tenant)
    {
        using var connection = registry.OpenReader();
        return connection.Query<(long State, long Count)>(
            $"SELECT state, count(*) FROM documents {(tenant is null ? "" : "WHERE tenant = @tenant")} GROUP BY state", new { tenant })
            .ToDictionary(row => (DocumentState)row.State, row => row.Count);
    }
}
