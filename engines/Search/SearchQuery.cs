using RagPlatform.Search.Filters;

namespace RagPlatform.Search;

public enum FusionMethod
{
    /// <summary>Weighted sum of each arm's scores, scaled to 0..1 per query.</summary>
    MinMax,

    /// <summary>Sum of weight / (60 + rank): Cormack, Clarke and Büttcher, SIGIR 2009.</summary>
    ReciprocalRank,

    Lexical,
    Vector,
}

public enum QuerySyntax
{
    /// <summary>Every word helps, none is required.</summary>
    Plain,

    /// <summary>"a phrase" and +word must occur, -word must not, begin* is a prefix.</summary>
    Operators,
}

/// <summary>What to look for and how.</summary>
public sealed record SearchQuery
{
    public const int MaxCandidates = 1000;
    public const int DefaultCandidates = 200;

    public required string Text { get; init; }

    /// <summary>Unit length, of the index's dimension; empty only with <see cref="FusionMethod.Lexical"/>.</summary>
    public ReadOnlyMemory<float> Vector { get; init; }

    /// <summary>Hits wanted, 1 to <see cref="MaxCandidates"/>.</summary>
    public int TopK { get; init; } = 10;

    public FusionMethod Fusion { get; init; } = FusionMethod.MinMax;

    /// <summary>0 (BM25 alone) to 1 (vectors alone).</summary>
    public double VectorWeight { get; init; } = 0.5;

    /// <summary>That each arm proposes, at most <see cref="MaxCandidates"/>; at least <see cref="TopK"/> are taken.</summary>
    public int Candidates { get; init; } = DefaultCandidates;

    public Filter? Filter { get; init; }

    public QuerySyntax Syntax { get; init; } = QuerySyntax.Plain;

    /// <summary>Words that no chunk holds also find the nearest ones that are held.</summary>
    public bool TypoTolerance { get; init; }

    /// <summary>Null: no limit; 1: the best chunk of each document.</summary>
    public int? MaxChunksPerDocument { get; init; }

    /// <summary>0 to 1, how much likeness to better hits costs (maximal marginal relevance, Carbonell and Goldstein, SIGIR 1998); null: off.</summary>
    public double? Diversity { get; init; }

    /// <summary>Compare every vector, whatever the index.</summary>
    public bool Exact { get; init; }

    public bool Explain { get; init; }
}
