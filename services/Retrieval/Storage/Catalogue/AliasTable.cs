namespace RagPlatform.Retrieval.Storage.Catalogue;

/// <summary>Other names to search collections by.</summary>
internal static class AliasTable
{
    public static IReadOnlyList<(CollectionKey Alias, CollectionKey Collection)> All(CatalogueSession catalogue) =>
        [.. catalogue.Query<(string Tenant, string Alias, string Collection)>("SELECT tenant, alias, collection FROM aliases")
            .Select(row => (CollectionKey.Require(row.Tenant, row.Alias), CollectionKey.Require(row.Tenant, row.Collection)))];

    /// <returns>False if there is no such collection.</returns>
    public static bool Set(CatalogueSession catalogue, CollectionKey alias, CollectionKey collection) =>
        catalogue.Execute(
            """
            INSERT INTO aliases (tenant, alias, collection) SELECT @tenant, @alias, name FROM collections WHERE tenant = @tenant AND name = @collection
            ON CONFLICT DO UPDATE SET collection = @collection
            """,
            new { tenant = alias.Tenant.Name, alias = alias.Name, collection = collection.Name }) > 0;

    /// <returns>False if there is no such alias.</returns>
    public static bool Delete(CatalogueSession catalogue, CollectionKey alias) =>
        catalogue.Execute("DELETE FROM aliases WHERE tenant = @tenant AND alias = @alias", new { tenant = alias.Tenant.Name, alias = alias.Name }) > 0;
}
