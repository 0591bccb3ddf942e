namespace RagPlatform.Search.Fusion;

/// <summary>The best first; equal scores by chunk id.</summary>
internal sealed class CandidateOrder(ICandidateReader reader) : IComparer<Candidate>
{
    public int Compare(Candidate? x, Candidate? y)
    {
        var byScore = y!.Score.CompareTo(x!.Score);
        return byScore != 0 || ReferenceEquals(x, y) ? byScore : string.CompareOrdinal(reader.ChunkId(x.Row), reader.ChunkId(y.Row));
    }
}
