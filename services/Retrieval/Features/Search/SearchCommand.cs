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
    public const int MaxRerankCandidates = 256;
    public const int DefaultRerankCandidates = 50;

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

    /// <summary>Empty: nothing is reranked, whatever the collection says.</summary>
    public string? RerankModel { get; init; }

    /// <summary>Hits that it reads, <see cref="TopK"/> to <see cref="MaxRerankCandidates"/>.</summary>
    public int? RerankCandidates { get; init; }
}

/// <param name="Rerank">Null where nothing was reranked.</param>
internal sealed record FoundHit(SearchHit Hit, HitRerank? Rerank)
{
    /// <summary>0 to 1.</summary>
    public double Score => Rerank?.Probability ?? Hit.Score;
}

/// <summary>What a model that read the query and the hit together made of it.</summary>
/// <param name="Logit">Of any size.</param>
/// <param name="Probability">1 / (1 + e^-logit).</param>
/// <param name="RankBefore">From 1.</param>
/// <param name="UnseenTokens">Past the model's limit.</param>
internal sealed record HitRerank(string Model, double Logit, double Probability, int RankBefore, int UnseenTokens);

/// <param name="Model">That embedded the query; empty when nothing had to be embedded.</param>
/// <param name="Embedding">The whole call to the embedding service; <paramref name="InModel"/> is the model's part of it.</param>
/// <param name="Search">The whole search; <paramref name="Stages"/> are its parts.</param>
internal sealed record SearchAnswer(
    IReadOnlyList<FoundHit> Hits, string Model, TimeSpan Embedding, TimeSpan InModel, TimeSpan Search, SearchTimings Stages)
{
    /// <summary>By its own name; empty where there was nothing to search.</summary>
    public string Collection { get; init; } = "";

    public static readonly SearchAnswer Nothing = new([], "", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, default);

    /// <summary>Empty where nothing was reranked.</summary>
    public string RerankModel { get; init; } = "";

    /// <summary>The whole call to the embedding service; <see cref="RerankInModel"/> is the model's part of it.</summary>
    public TimeSpan Rerank { get; init; }

    public TimeSpan RerankInModel { get; init; }
}
