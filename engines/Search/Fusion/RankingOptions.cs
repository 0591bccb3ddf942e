namespace RagPlatform.Search.Fusion;

/// <summary>What a <see cref="Ranking"/> does that no single query says.</summary>
public sealed record RankingOptions
{
    public MissingScore MissingScore { get; init; } = MissingScore.OtherArmScores;

    /// <summary>Look again at the best of a fusion of both arms, one after the other; none: nobody does.</summary>
    public IReadOnlyList<IReranker> Rerankers { get; init; } = [new ScoreSmoothing(), new TitleLinks()];
}

/// <summary>What min-max fusion takes for the score of a candidate that an arm did not propose.</summary>
public enum MissingScore
{
    /// <summary>The arm's own score, and each arm's scores are stretched over all candidates.</summary>
    OtherArmScores,

    /// <summary>The least that the arm proposed (0 for BM25 if it could propose no more), and each arm's scores are stretched over its proposals.</summary>
    ArmMinimum,
}
