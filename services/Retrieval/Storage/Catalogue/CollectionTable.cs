using RagPlatform.Search;

namespace RagPlatform.Retrieval.Storage.Catalogue;

/// <summary>Collections, their settings, and the index that each is searched through.</summary>
internal static class CollectionTable
{
    private const string Select =
        """
        SELECT collections.tenant AS Tenant, name AS Name, collections.store AS Store, fusion AS Fusion, vector_weight AS VectorWeight,
            rerank_model AS RerankModel, rerank_candidates AS RerankCandidates, chunking_strategy AS ChunkingStrategy,
            chunking_max_tokens AS MaxTokens, chunking_overlap_tokens AS OverlapTokens, chunking_parent_tokens AS ParentTokens,
            collections.generation AS Generation, indexes.store AS IndexStore, model AS Model, dimension AS Dimension,
            configuration_hash AS ConfigurationHash,
            (SELECT count(*) FROM documents WHERE tenant = collections.tenant AND collection = name AND visible_version > 0) AS Documents,
            (SELECT coalesce(sum(chunk_count), 0) FROM documents WHERE tenant = collections.tenant AND collection = name AND visible_version > 0) AS Chunks
        FROM collections LEFT JOIN indexes ON indexes.generation = collections.generation
        """;

    /// <summary>With what searches see of them.</summary>
    public static IReadOnlyList<CollectionState> All(CatalogueSession catalogue) => [.. catalogue.Query<Row>(Select).Select(row => row.ToState())];

    /// <inheritdoc cref="All"/>
    public static CollectionState? Find(CatalogueSession catalogue, CollectionKey collection) => catalogue.Find<Row>(
        $"{Select} WHERE collections.tenant = @tenant AND name = @collection", new { tenant = collection.Tenant.Name, collection = collection.Name })?.ToState();

    /// <summary>Adds the collection, or puts its store and settings in the place of the former.</summary>
    public static void Save(CatalogueSession catalogue, CollectionKey collection, string store, SearchDefaults defaults) =>
        catalogue.Execute(
            """
            INSERT INTO collections (tenant, name, store, fusion, vector_weight, rerank_model, rerank_candidates,
                chunking_strategy, chunking_max_tokens, chunking_overlap_tokens, chunking_parent_tokens)
            VALUES (@tenant, @name, @store, @fusion, @vectorWeight, @rerankModel, @rerankCandidates, @strategy, @MaxTokens, @OverlapTokens, @ParentTokens)
            ON CONFLICT DO UPDATE SET
                store = @store, fusion = @fusion, vector_weight = @vectorWeight, rerank_model = @rerankModel, rerank_candidates = @rerankCandidates,
                chunking_strategy = @strategy, chunking_max_tokens = @MaxTokens, chunking_overlap_tokens = @OverlapTokens, chunking_parent_tokens = @ParentTokens
            """,
            new
            {
                tenant = collection.Tenant.Name, name = collection.Name, store, fusion = defaults.Fusion?.ToString(), vectorWeight = defaults.VectorWeight,
                rerankModel = defaults.RerankModel, rerankCandidates = defaults.RerankCandidates,
                strategy = defaults.Chunking.Strategy?.ToString(), defaults.Chunking.MaxTokens, defaults.Chunking.OverlapTokens, defaults.Chunking.ParentTokens,
            });

    /// <summary>The collection, its aliases, its builds and its indexes; the indexes' files are to be dropped.</summary>
    public static void Delete(CatalogueSession catalogue, CollectionKey collection)
    {
        var names = new { tenant = collection.Tenant.Name, collection = collection.Name };
        catalogue.Execute("DELETE FROM collections WHERE tenant = @tenant AND name = @collection", names);
        catalogue.Execute("DELETE FROM aliases WHERE tenant = @tenant AND collection = @collection", names);
        catalogue.Execute("DELETE FROM builds WHERE tenant = @tenant AND collection = @collection", names);
        catalogue.Execute("UPDATE indexes SET dropped = 1 WHERE tenant = @tenant AND collection = @collection", names);
    }

    private sealed class Row
    {
        public string Tenant { get; init; } = "";
        public string Name { get; init; } = "";
        public string Store { get; init; } = "";
        public string? Fusion { get; init; }
        public double? VectorWeight { get; init; }
        public string? RerankModel { get; init; }
        public int? RerankCandidates { get; init; }
        public string? ChunkingStrategy { get; init; }
        public int? MaxTokens { get; init; }
        public int? OverlapTokens { get; init; }
        public int? ParentTokens { get; init; }
        public int? Generation { get; init; }
        public string IndexStore { get; init; } = "";
        public string Model { get; init; } = "";
        public int Dimension { get; init; }
        public string ConfigurationHash { get; init; } = "";
        public int Documents { get; init; }
        public int Chunks { get; init; }

        public CollectionState ToState()
        {
            var key = CollectionKey.Require(Tenant, Name);
            var index = Generation is { } generation
                ? new ActiveIndex(new IndexKey(key, generation), IndexStore, new IndexSettings(Model, Dimension), ConfigurationHash)
                : null;
            var defaults = new SearchDefaults(Fusion is null ? null : Enum.Parse<FusionMethod>(Fusion), VectorWeight, RerankModel, RerankCandidates)
            {
                Chunking = new ChunkingSettings(ChunkingStrategy is null ? null : Enum.Parse<ChunkingStrategy>(ChunkingStrategy), MaxTokens, OverlapTokens, ParentTokens),
            };
            return new CollectionState(key, Store, defaults, index, new CollectionSize(Documents, Chunks));
        }
    }
}
