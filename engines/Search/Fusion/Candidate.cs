namespace RagPlatform.Search.Fusion;

/// <summary>A chunk that at least one arm proposed, on its way through a <see cref="Ranking"/>.</summary>
public sealed class Candidate(int row)
{
    /// <summary>As the arm gave it.</summary>
    public int Row => row;

    public ArmShare Lexical { get; internal set; }

    public ArmShare Vector { get; internal set; }

    /// <summary>From an <see cref="IReranker"/>; at least 0.</summary>
    public double Bonus { get; internal set; }

    /// <summary>From 1; 0 when there was no reordering.</summary>
    public int RankBeforeDiversity { get; internal set; }

    /// <summary>What it is ordered by: 0 to 1.</summary>
    public double Score => Lexical.Contribution + Vector.Contribution + Bonus;
}

/// <summary>What an arm says of a candidate, and what of it counts.</summary>
/// <param name="Rank">From 1; 0: the arm did not propose it.</param>
/// <param name="Score">BM25 or cosine; NaN: not known.</param>
/// <param name="Normalized">0 to 1, comparable with the other arm's.</param>
/// <param name="Weight">0 to 1.</param>
public readonly record struct ArmShare(int Rank, float Score, double Normalized, double Weight)
{
    public double Contribution => Weight * Normalized;

    public bool IsProposed => Rank > 0;
}
