using RagPlatform.FineTuning.Retrieving.Batches;
using RagPlatform.FineTuning.Retrieving.Ranking;
using RagPlatform.Numerics;

namespace RagPlatform.FineTuning.Retrieving.Mining;

/// <summary>
/// Finds passages that the base model or BM25 ranks high for a query and that do not answer it, from both rankings in turn
/// (Xiong et al. 2020, arXiv:2007.00808; Karpukhin et al. 2020, arXiv:2004.04906).
/// </summary>
/// <param name="settings">What is kept.</param>
/// <param name="passages">Vectors of the passages by id, of unit length; all empty where there is no model for them: BM25 finds alone.</param>
/// <param name="lexical">Over the same passages.</param>
internal sealed class HardNegatives(MiningSettings settings, float[][] passages, LexicalRanking lexical)
{
    /// <returns>The example with the negatives that it was given, unless another pair has them as answers, and those that were found.</returns>
    /// <param name="example">With the negatives that it was given.</param>
    /// <param name="query">Its text.</param>
    /// <param name="vector">The query's, of unit length.</param>
    /// <param name="known">Ids of passages that answer the query.</param>
    public ContrastiveExample Mine(ContrastiveExample example, string query, float[] vector, IReadOnlySet<int> known)
    {
        int[] given = [.. example.Negatives.Where(negative => !known.Contains(negative))];
        var wanted = settings.PerExample - given.Length;
        if (wanted <= 0)
        {
            return example with { Negatives = given };
        }
        var similarities = Array.ConvertAll(passages, passage => VectorMath.Dot(vector, passage));
        var highest = settings.PositiveShare * similarities[example.Positive];
        var scores = lexical.Score(query);
        for (var passage = 0; passage < scores.Length; passage++)
        {
            var isAllowed = similarities[passage] <= highest && !known.Contains(passage) && !given.Contains(passage);
            // Zeros are no ranking: their order would be that of the corpus.
            scores[passage] = isAllowed && scores[passage] > 0 ? scores[passage] : float.NegativeInfinity;
            similarities[passage] = isAllowed && similarities[passage] > 0 ? similarities[passage] : float.NegativeInfinity;
        }
        var found = Alternate(Ranking(similarities, wanted), Ranking(scores, wanted)).Distinct().Take(wanted);
        return example with { Negatives = [.. given, .. found] };
    }

    private int[] Ranking(float[] scores, int wanted) =>
        [.. TopRanks.Of(scores, settings.SkippedRanks + wanted).Skip(settings.SkippedRanks).Where(passage => float.IsFinite(scores[passage]))];

    private static IEnumerable<int> Alternate(int[] first, int[] second)
    {
        for (var rank = 0; rank < Math.Max(first.Length, second.Length); rank++)
        {
            if (rank < first.Length)
            {
                yield return first[rank];
            }
            if (rank < second.Length)
            {
                yield return second[rank];
            }
        }
    }
}
