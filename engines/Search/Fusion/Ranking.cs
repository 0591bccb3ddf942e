namespace RagPlatform.Search.Fusion;

/// <summary>
/// From what the arms propose to the hits: fused (by document where each may have one hit), looked at again by rerankers,
/// made diverse, limited per document. It does not know where candidates come from. Equal scores are ordered by chunk id.
/// Safe for concurrent use.
/// </summary>
public sealed class Ranking(RankingOptions options)
{
    /// <param name="query">That has passed <see cref="SearchQueryValidation"/>.</param>
    /// <param name="lexical">None if <see cref="ArmWeights"/> does not use the arm; likewise <paramref name="vectors"/>.</param>
    /// <returns>At most <see cref="SearchQuery.TopK"/>, best first.</returns>
    public IReadOnlyList<Candidate> Rank(SearchQuery query, ArmProposals lexical, ArmProposals vectors, ICandidateReader reader)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(reader);
        var candidates = ArmFusion.Fuse(query, lexical, vectors, reader, options.MissingScore);
        var order = new CandidateOrder(reader);
        if (query.MaxChunksPerDocument == 1)
        {
            candidates = DocumentCandidates.Of(candidates, order, reader);
        }

        Array.Sort(candidates, order);
        foreach (var reranker in ArmWeights.Of(query).UsesBoth ? options.Rerankers : [])
        {
            Rescore(reranker, query, candidates.AsSpan(0, Math.Min(reranker.Depth, candidates.Length)), reader);
            Array.Sort(candidates, order);
        }

        return CandidateSelection.Take(query, candidates, reader);
    }

    private static void Rescore(IReranker reranker, SearchQuery query, ReadOnlySpan<Candidate> best, ICandidateReader reader)
    {
        var changes = new double[best.Length];
        reranker.Rescore(query, best, reader, changes);
        for (var i = 0; i < changes.Length; i++)
        {
            best[i].Add(reranker, changes[i]);
        }
    }
}
