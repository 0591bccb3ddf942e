namespace RagPlatform.Search.Fusion;

/// <summary>Joins what the arms propose into candidates, each with what either arm contributes to its score.</summary>
internal static class ArmFusion
{
    public static Candidate[] Fuse(SearchQuery query, ArmProposals lexical, ArmProposals vectors, ICandidateReader reader, MissingScore missing)
    {
        var positions = new Dictionary<int, int>(lexical.Rows.Count + vectors.Rows.Count);
        foreach (var proposal in lexical.Rows.Concat(vectors.Rows))
        {
            positions.TryAdd(proposal.Row, positions.Count);
        }

        var weights = ArmWeights.Of(query);
        var lexicalShares = ArmShares.Rank(lexical, positions, reader);
        var vectorShares = ArmShares.Rank(vectors, positions, reader);
        if (query.Fusion == FusionMethod.ReciprocalRank)
        {
            ArmShares.WeighByRank(lexicalShares, weights.Lexical);
            ArmShares.WeighByRank(vectorShares, weights.Vector);
        }
        else
        {
            if (weights.UsesBoth && missing == MissingScore.OtherArmScores)
            {
                ArmShares.ScoreMissing(lexicalShares, positions, reader.LexicalScore);
                ArmShares.ScoreMissing(vectorShares, positions, reader.VectorScore);
            }

            // An arm that found fewer than it was asked for would have given the others nothing: BM25 0.
            var lowest = lexical.Rows.Count < lexical.Wanted ? 0 : float.NaN;
            ArmShares.WeighByScore(lexicalShares, weights.Lexical, lowest);
            ArmShares.WeighByScore(vectorShares, weights.Vector, float.NaN);
        }

        var candidates = new Candidate[positions.Count];
        foreach (var (row, position) in positions)
        {
            candidates[position] = new Candidate(row) { Lexical = lexicalShares[position], Vector = vectorShares[position] };
        }

        return candidates;
    }
}
