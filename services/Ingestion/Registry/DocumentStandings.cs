using Dapper;
using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Registry;

/// <summary>Reads where each document of a collection stands, in pages, to compare it with what an index holds.</summary>
public sealed class DocumentStandings(RegistryDatabase registry)
{
    private const string Columns =
        """
        SELECT d.document_id AS DocumentId, d.latest_version AS LatestVersion, d.state AS State, d.indexed_version AS IndexedVersion
        FROM documents d
        """;

    /// <summary>Of the tenant, by name; of all tenants when null. Those count in which anything was ever put.</summary>
    public IReadOnlyList<CollectionName> Collections(string? tenant)
    {
        using var connection = registry.OpenReader();
        return connection.Query<CollectionName>(
            $"SELECT DISTINCT tenant AS Tenant, collection AS Collection FROM documents {(tenant is null ? "" : "WHERE tenant = @tenant")} ORDER BY tenant, collection",
            new { tenant }).AsList();
    }

    public long Count(CollectionName collection)
    {
        using var connection = registry.OpenReader();
        return connection.ExecuteScalar<long>("SELECT count(*) FROM documents WHERE tenant = @Tenant AND collection = @Collection", collection);
    }

    /// <summary>By id, deleted ones too.</summary>
    /// <param name="collection">Whose.</param>
    /// <param name="afterId">Begins after this document; at the first when empty.</param>
    /// <param name="limit">At most so many.</param>
    public IReadOnlyList<DocumentStanding> List(CollectionName collection, string afterId, int limit)
    {
        ArgumentNullException.ThrowIfNull(collection);
        using var connection = registry.OpenReader();
        return connection.Query<DocumentStanding>(
            $"{Columns} WHERE d.tenant = @Tenant AND d.collection = @Collection AND d.document_id > @afterId ORDER BY d.document_id LIMIT @limit",
            new { collection.Tenant, collection.Collection, afterId, limit }).AsList();
    }

    public DocumentStanding? Find(DocumentKey key)
    {
        using var connection = registry.OpenReader();
        return connection.QuerySingleOrDefault<DocumentStanding>($"{Columns} WHERE d.tenant = @Tenant AND d.collection = @Collection AND d.document_id = @DocumentId", key);
    }

    /// <summary>The registry has given this version to content, not to a deletion.</summary>
    public bool HasContentVersion(DocumentKey key, long version)
    {
        using var connection = registry.OpenReader();
        return VersionRow.Find(connection, null, key, version) is { ContentHash: not "" };
    }
}

public sealed record CollectionName(string Tenant, string Collection);

/// <summary>Where a document stands by the registry.</summary>
public sealed record DocumentStanding
{
    public string DocumentId { get; init; } = "";
    public long LatestVersion { get; init; }
    public DocumentState State { get; init; }
    /// <summary>That searches should see; 0: none.</summary>
    public long IndexedVersion { get; init; }
}
