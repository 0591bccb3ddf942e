namespace RagPlatform.Search.Fusion;

/// <summary>A chunk that at least one arm proposed, on its way through a <see cref="Ranking"/>.</summary>
public sealed class Candidate(int row)
{
    private List<(IReranker By, double Change)>? _changes;
    private double _change;

    /// <summary>As the arm gave it.</summary>
    public int Row => row;

    public ArmShare Lexical { get; internal set; }

    public ArmShare Vector { get; internal set; }

    /// <summary>From 1; 0 when there was no reordering.</summary>
    public int RankBeforeDiversity { get; internal set; }

    /// <summary>What it is ordered by, 0 to 1: the arms' contributions and the rerankers' changes.</summary>
    public double Score => Lexical.Contribution + Vector.Contribution + _change;

    /// <summary>What rerankers of this kind added to the score; may be below 0.</summary>
    public double ChangeBy<TReranker>()
        where TReranker : IReranker =>
        _changes?.Where(change => change.By is TReranker).Sum(change => change.Change) ?? 0;

    internal void Add(IReranker by, double change)
    {
        if (change != 0)
        {
            (_changes ??= []).Add((by, change));
            _change += change;
        }
    }
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
