using RagPlatform.Retrieval.Storage;
using RagPlatform.Search;
using RagPlatform.Search.Filters;

namespace RagPlatform.Retrieval.Features.Search;

/// <summary>What to find and how; null for the collection's or the service's default.</summary>
/// <param name="Query">1 to <see cref="MaxQueryCharacters"/> characters.</param>
/// <param name="TopK">1 to <see cref="MaxTopK"/>.</param>
internal sealed record SearchCommand(CollectionKey Collection, string Query, int TopK)
{
    public const int MaxQueryCharacters = 8192;
    public const int MaxTopK = 100;
    public const int DefaultTopK = 10;

    public FusionMethod? Fusion { get; init; }

    /// <summary>0 (BM25 alone) to 1 (vectors alone).</summary>
    public double? VectorWeight { get; init; }

    /// <summary>That each arm proposes, <see cref="TopK"/> to <see cref="SearchQuery.MaxCandidates"/>.</summary>
    public int? Candidates { get; init; }

    public Filter? Filter { get; init; }

    public QuerySyntax Syntax { get; init; }

    public bool TypoTolerance { get; init; }

    public int? MaxChunksPerDocument { get; init; }

    public double? Diversity { get; init; }

    public bool Exact { get; init; }

    public bool Explain { get; init; }
}

/// <param name="Model">That embedded the query; empty when nothing had to be embedded.</param>
/// <param name="Embedding">The whole call to the embedding service; <paramref name="InModel"/> is the model's part of it.</param>
/// <param name="Search">The whole search; <paramref name="Stages"/> are its parts.</param>
internal sealed record SearchAnswer(
    IReadOnlyList<SearchHit> Hits, string Model, TimeSpan Embedding, TimeSpan InModel, TimeSpan Search, SearchTimings Stages)
{
    public static readonly SearchAnswer Nothing = new([], "", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, default);
}
