namespace RagPlatform.Search.Fusion;

/// <summary>Looks at the best candidates again and lifts those that deserve better. Safe for concurrent use.</summary>
public interface IReranker
{
    /// <summary>How many of the best it looks at, at least 1.</summary>
    int Depth { get; }

    /// <param name="best">At most <see cref="Depth"/>, best first.</param>
    /// <param name="bonuses">As many, all 0; to be set to what is added to the score, at least 0. No score may come to exceed the best of them.</param>
    void Rescore(SearchQuery query, ReadOnlySpan<Candidate> best, ICandidateReader reader, Span<double> bonuses);
}
