namespace RagPlatform.Retrieval.Storage.Catalogue;

/// <summary>Every index that a store has been asked for, until the store has deleted it.</summary>
internal static class IndexTable
{
    /// <summary>A generation that no index has had before.</summary>
    public static ActiveIndex Add(CatalogueSession catalogue, CollectionKey collection, string store, IndexSettings settings, string configurationHash)
    {
        catalogue.Execute("UPDATE generations SET last = last + 1");
        var generation = catalogue.Scalar<int>("SELECT last FROM generations");
        catalogue.Execute(
            """
            INSERT INTO indexes (generation, tenant, collection, store, model, dimension, configuration_hash)
            VALUES (@generation, @tenant, @collection, @store, @Model, @Dimension, @configurationHash)
            """,
            new { generation, tenant = collection.Tenant.Name, collection = collection.Name, store, settings.Model, settings.Dimension, configurationHash });
        return new ActiveIndex(new IndexKey(collection, generation), store, settings, configurationHash);
    }

    /// <summary>In place of a hash: the settings have changed since the last document was cut, and nobody knows yet what they come to.</summary>
    public const string ChunkingChanged = "changed";

    /// <summary>Empty while unknown; may be <see cref="ChunkingChanged"/>.</summary>
    public static string ChunkingOf(CatalogueSession catalogue, int generation) =>
        catalogue.Scalar<string>("SELECT chunking_hash FROM indexes WHERE generation = @generation", new { generation }) ?? "";

    public static void SetChunking(CatalogueSession catalogue, int generation, string chunkingHash) =>
        catalogue.Execute(
            "UPDATE indexes SET chunking_hash = @chunkingHash WHERE generation = @generation AND chunking_hash <> @chunkingHash", new { generation, chunkingHash });

    /// <summary>All that is there was cut by former settings.</summary>
    public static void MarkChunkingChanged(CatalogueSession catalogue, int generation) =>
        catalogue.Execute(
            "UPDATE indexes SET chunking_hash = @ChunkingChanged WHERE generation = @generation AND chunking_hash <> ''", new { ChunkingChanged, generation });

    /// <summary>Keeps the generations to come above one that a store holds, whoever gave it.</summary>
    public static void KeepAbove(CatalogueSession catalogue, int generation) =>
        catalogue.Execute("UPDATE generations SET last = max(last, @generation)", new { generation });

    /// <summary>Searches go through this index from now on; the one before it is to be dropped.</summary>
    public static void Activate(CatalogueSession catalogue, ActiveIndex index)
    {
        var collection = index.Key.Collection;
        var values = new { tenant = collection.Tenant.Name, collection = collection.Name, generation = index.Key.Generation, store = index.Store };
        catalogue.Execute(
            """
            UPDATE indexes SET dropped = 1
            WHERE generation = (SELECT generation FROM collections WHERE tenant = @tenant AND name = @collection) AND generation <> @generation
            """,
            values);
        catalogue.Execute("UPDATE collections SET generation = @generation, store = @store WHERE tenant = @tenant AND name = @collection", values);
    }

    public static void MarkDropped(CatalogueSession catalogue, int generation) =>
        catalogue.Execute("UPDATE indexes SET dropped = 1 WHERE generation = @generation", new { generation });

    /// <summary>What a crash left without a collection or a build that wants it.</summary>
    public static void MarkUnusedDropped(CatalogueSession catalogue, string store) =>
        catalogue.Execute(
            """
            UPDATE indexes SET dropped = 1 WHERE store = @store
                AND generation NOT IN (SELECT generation FROM collections WHERE generation IS NOT NULL)
                AND generation NOT IN (SELECT generation FROM builds WHERE generation IS NOT NULL)
            """,
            new { store });

    public static void Forget(CatalogueSession catalogue, int generation) =>
        catalogue.Execute("DELETE FROM indexes WHERE generation = @generation AND dropped = 1", new { generation });

    public static IReadOnlyList<(string Store, IndexKey Key)> Dropped(CatalogueSession catalogue) =>
        [.. catalogue.Query<(string Store, string Tenant, string Collection, int Generation)>("SELECT store, tenant, collection, generation FROM indexes WHERE dropped = 1")
            .Select(row => (row.Store, new IndexKey(CollectionKey.Require(row.Tenant, row.Collection), row.Generation)))];

    public static bool Knows(CatalogueSession catalogue, string store, IndexKey index) =>
        catalogue.Scalar<bool>(
            "SELECT EXISTS (SELECT 1 FROM indexes WHERE generation = @Generation AND store = @store AND tenant = @tenant AND collection = @collection)",
            new { index.Generation, store, tenant = index.Collection.Tenant.Name, collection = index.Collection.Name });
}
