using RagPlatform.Search;

namespace RagPlatform.Retrieval.Storage;

/// <summary>A collection at one moment, as searches use it. It does not change; a change puts another one in its place.</summary>
/// <param name="Store">For its next index; the present one names its own.</param>
/// <param name="Index">Null until its first batch.</param>
internal sealed record CollectionState(CollectionKey Key, string Store, SearchDefaults Defaults, ActiveIndex? Index, CollectionSize Size);

/// <summary>The index that is searched.</summary>
/// <param name="ConfigurationHash">See <see cref="IndexConfiguration"/>.</param>
internal sealed record ActiveIndex(IndexKey Key, string Store, IndexSettings Settings, string ConfigurationHash);

/// <summary>What a collection is searched with unless the request says otherwise, and how its documents are cut; null for the services' defaults.</summary>
/// <param name="VectorWeight">0 (BM25 alone) to 1 (vectors alone).</param>
/// <param name="RerankModel">Nothing is reranked when null.</param>
/// <param name="RerankCandidates">Hits that it reads, 1 to 256.</param>
internal sealed record SearchDefaults(FusionMethod? Fusion, double? VectorWeight, string? RerankModel = null, int? RerankCandidates = null)
{
    public static readonly SearchDefaults Unset = new(null, null);

    public ChunkingSettings Chunking { get; init; } = ChunkingSettings.Unset;
}

/// <summary>What searches see.</summary>
internal readonly record struct CollectionSize(int Documents, int Chunks)
{
    public static CollectionSize operator +(CollectionSize left, CollectionSize right) =>
        new(left.Documents + right.Documents, left.Chunks + right.Chunks);

    public static CollectionSize operator -(CollectionSize left, CollectionSize right) =>
        new(left.Documents - right.Documents, left.Chunks - right.Chunks);
}
