namespace RagPlatform.Search.Fusion;

/// <summary>One arm's part of a fusion: which rank and score it gives each candidate, and what of it counts.</summary>
internal static class ArmShares
{
    /// <summary>Of reciprocal rank fusion: Cormack, Clarke and Büttcher, SIGIR 2009.</summary>
    private const int RankOffset = 60;

    private static readonly ArmShare NotProposed = new(Rank: 0, Score: float.NaN, Normalized: 0, Weight: 0);

    /// <param name="positions">Of all candidates' rows.</param>
    /// <returns>By position; not yet normalised.</returns>
    public static ArmShare[] Rank(ArmProposals arm, Dictionary<int, int> positions, ICandidateReader reader)
    {
        var shares = new ArmShare[positions.Count];
        shares.AsSpan().Fill(NotProposed);
        var rows = arm.Rows.ToArray();
        Array.Sort(rows, (left, right) => right.Score.CompareTo(left.Score) is var byScore and not 0
            ? byScore
            : string.CompareOrdinal(reader.ChunkId(left.Row), reader.ChunkId(right.Row)));
        for (var i = 0; i < rows.Length; i++)
        {
            shares[positions[rows[i].Row]] = new ArmShare(i + 1, rows[i].Score, Normalized: 0, Weight: 0);
        }

        return shares;
    }

    /// <summary>Gives the arm's own score to the candidates that it did not propose.</summary>
    public static void ScoreMissing(ArmShare[] shares, Dictionary<int, int> positions, Func<int, float> score)
    {
        foreach (var (row, position) in positions)
        {
            if (!shares[position].IsProposed)
            {
                shares[position] = shares[position] with { Score = score(row) };
            }
        }
    }

    /// <param name="lowest">Of the range, unless a score is lower; NaN: only scores count.</param>
    public static void WeighByScore(ArmShare[] shares, double weight, float lowest)
    {
        var range = ScoreRange.Empty.With(lowest);
        foreach (var share in shares)
        {
            range = range.With(share.Score);
        }

        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = shares[i] with { Normalized = range.Stretch(shares[i].Score), Weight = weight };
        }
    }

    public static void WeighByRank(ArmShare[] shares, double weight)
    {
        for (var i = 0; i < shares.Length; i++)
        {
            var reciprocal = shares[i].IsProposed ? 1.0 / (RankOffset + shares[i].Rank) : 0;
            shares[i] = shares[i] with { Normalized = reciprocal, Weight = weight };
        }
    }
}
