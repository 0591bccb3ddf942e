namespace RagPlatform.Search.Fusion;

/// <summary>What one arm found.</summary>
/// <param name="Rows">Each once, in any order; the rows are whatever the <see cref="ICandidateReader"/> knows them by.</param>
/// <param name="Wanted">How many the arm was asked for: having fewer, it has proposed all it could.</param>
public readonly record struct ArmProposals(IReadOnlyList<ScoredRow> Rows, int Wanted)
{
    /// <summary>Of an arm that was not asked.</summary>
    public static readonly ArmProposals None = new([], 0);

    /// <summary>Asked for more, the arm could have proposed more.</summary>
    public bool IsFull => Wanted > 0 && Rows.Count == Wanted;
}
