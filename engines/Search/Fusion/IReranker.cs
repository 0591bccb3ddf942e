namespace RagPlatform.Search.Fusion;

/// <summary>Looks at the best candidates again and moves those that deserve better or worse. Safe for concurrent use.</summary>
public interface IReranker
{
    /// <summary>How many of the best it looks at, at least 1.</summary>
    int Depth { get; }

    /// <param name="best">At most <see cref="Depth"/>, best first.</param>
    /// <param name="changes">As many, all 0; to be set to what is added to each score. No score may come to lie beyond the best and the worst of them.</param>
    void Rescore(SearchQuery query, ReadOnlySpan<Candidate> best, ICandidateReader reader, Span<double> changes);
}
