namespace RagPlatform.Client;

/// <summary>How the two arms, BM25 and vectors, become one ranking.</summary>
public enum FusionMethod
{
    /// <summary>The collection's.</summary>
    Unspecified = 0,
    /// <summary>Weighted sum of each arm's scores, scaled to 0..1 per query.</summary>
    MinMax = 1,
    /// <summary>Sum of weight / (60 + rank).</summary>
    ReciprocalRank = 2,
    /// <summary>BM25 alone; nothing is embedded.</summary>
    Lexical = 3,
    /// <summary>Vectors alone.</summary>
    Vector = 4,
}

/// <summary>Where to search and how; what is left out is the collection's or the service's default.</summary>
public sealed record SearchOptions
{
    /// <summary>A collection or an alias; "default" when left out.</summary>
    public string Collection { get; init; } = "";

    /// <summary>Hits wanted, 1 to 100.</summary>
    public int TopK { get; init; } = 10;

    /// <summary>Which documents may be found; all when null.</summary>
    public Filter? Filter { get; init; }

    public FusionMethod Fusion { get; init; }

    /// <summary>0 (BM25 alone) to 1 (vectors alone).</summary>
    public double? VectorWeight { get; init; }

    /// <summary>That each arm proposes, <see cref="TopK"/> to 1,000; the default when 0.</summary>
    public int Candidates { get; init; }

    /// <summary>Reads the query's operators: "a phrase" and +word must occur, -word must not, begin* is a prefix. Otherwise every word helps, none is required.</summary>
    public bool Operators { get; init; }

    /// <summary>Words that no chunk holds also find the nearest ones that are held.</summary>
    public bool TypoTolerance { get; init; }

    /// <summary>1: the best chunk of each document; no limit when 0.</summary>
    public int MaxChunksPerDocument { get; init; }

    /// <summary>0 to 1, how much likeness to better hits costs (maximal marginal relevance); off when null.</summary>
    public double? Diversity { get; init; }

    /// <summary>Compare every vector, whatever the index.</summary>
    public bool Exact { get; init; }

    /// <summary>The model that reads the best hits with the query and orders them anew; empty: none; the collection's when null.</summary>
    public string? RerankModel { get; init; }

    /// <summary>Hits that it reads, <see cref="TopK"/> to 256; the default when 0.</summary>
    public int RerankCandidates { get; init; }

    /// <summary>Tell of each hit why it stands where it stands.</summary>
    public bool Explain { get; init; }
}
