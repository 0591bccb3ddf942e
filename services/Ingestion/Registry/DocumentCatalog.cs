using Dapper;
using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Registry;

/// <summary>Where a page of a list begins: after this document.</summary>
public sealed record CatalogPosition(string Collection, string DocumentId);

/// <summary>Which documents of a tenant are listed.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Collection">All of the tenant's when empty.</param>
/// <param name="State">All but deleted when null.</param>
/// <param name="BatchId">Those whose latest version was put under it; all when empty.</param>
public sealed record CatalogFilter(string Tenant, string Collection = "", DocumentState? State = null, string BatchId = "");

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
    /// <param name="filter">Which.</param>
    /// <param name="after">The first page when null; of the filter's collection where it names one.</param>
    /// <param name="limit">At most so many.</param>
    public IReadOnlyList<DocumentVersion> List(CatalogFilter filter, CatalogPosition? after, int limit)
    {
        ArgumentNullException.ThrowIfNull(filter);
        using var connection = registry.OpenReader();
        return [.. VersionRow.Query(connection, Clauses(filter, after), Parameters(filter, after, limit)).Select(row => row.ToVersion())];
    }

    /// <summary>Over all pages of <see cref="List"/>; of a batch, versions that failed and were replaced later are counted, too.</summary>
    public long Count(CatalogFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        using var connection = registry.OpenReader();
        return filter.BatchId.Length > 0
            ? connection.ExecuteScalar<long>(
                $"""
                SELECT coalesce(sum(documents), 0) FROM batch_counts WHERE tenant = @Tenant AND batch_id = @BatchId
                AND {(filter.State is null ? "state NOT IN (0, 9)" : "state = @State")}
                """,
                filter)
            : connection.ExecuteScalar<long>(
                $"""
                SELECT coalesce(sum(documents), 0) FROM document_counts WHERE tenant = @Tenant {(filter.Collection.Length > 0 ? "AND collection = @Collection" : "")}
                AND {(filter.State is null ? "state <> 9" : "state = @State")}
                """,
                filter);
    }

    /// <summary>Those that the registry still holds, newest first.</summary>
    /// <param name="key">The document.</param>
    /// <param name="before">Only versions below it.</param>
    /// <param name="limit">At most so many.</param>
    public IReadOnlyList<DocumentVersion> ListVersions(DocumentKey key, long before, int limit)
    {
        ArgumentNullException.ThrowIfNull(key);
        using var connection = registry.OpenReader();
        return
        [
            .. VersionRow.Query(
                connection,
                "WHERE v.tenant = @Tenant AND v.collection = @Collection AND v.document_id = @DocumentId AND v.version < @before ORDER BY v.version DESC LIMIT @limit",
                new { key.Tenant, key.Collection, key.DocumentId, before, limit }).Select(row => row.ToVersion()),
        ];
    }

    /// <summary>Documents by state; of all tenants when null, of all collections when empty.</summary>
    public IReadOnlyDictionary<DocumentState, long> CountByState(string? tenant, string collection = "")
    {
        using var connection = registry.OpenReader();
        return connection.Query<(long State, long Count)>(
            $"""
            SELECT state, sum(documents) FROM document_counts
            WHERE {(tenant is null ? "true" : "tenant = @tenant")} {(collection.Length > 0 ? "AND collection = @collection" : "")}
            GROUP BY state HAVING sum(documents) > 0
            """,
            new { tenant, collection })
            .ToDictionary(row => (DocumentState)row.State, row => row.Count);
    }

    /// <summary>After SELECT and FROM of a version (v) and its document (d); every page is read along an index.</summary>
    internal static string Clauses(CatalogFilter filter, CatalogPosition? after)
    {
        var side = Side(filter);
        var (order, start) = filter.Collection.Length > 0
            ? ($"{side}.document_id", $"{side}.document_id > @AfterDocumentId")
            : ($"{side}.collection, {side}.document_id", $"({side}.collection, {side}.document_id) > (@AfterCollection, @AfterDocumentId)");
        return $"{Where(filter)} {(after is null ? "" : $"AND {start}")} ORDER BY {order} LIMIT @Limit";
    }

    /// <summary>A batch's documents lie together in an index of the versions, a tenant's in the documents' own order.</summary>
    private static string Side(CatalogFilter filter) => filter.BatchId.Length > 0 ? "v" : "d";

    private static string Where(CatalogFilter filter)
    {
        var side = Side(filter);
        return $"""
            WHERE v.version = d.latest_version AND {side}.tenant = @Tenant
            {(filter.BatchId.Length > 0 ? "AND v.batch_id = @BatchId AND v.batch_id <> ''" : "")}
            {(filter.Collection.Length > 0 ? $"AND {side}.collection = @Collection" : "")}
            AND {(filter.State is null ? "d.state <> 9" : "d.state = @State")}
            """;
    }

    internal static object Parameters(CatalogFilter filter, CatalogPosition? after, int limit) => new
    {
        filter.Tenant, filter.Collection, filter.State, filter.BatchId,
        AfterCollection = after?.Collection, AfterDocumentId = after?.DocumentId, Limit = limit,
    };
}
