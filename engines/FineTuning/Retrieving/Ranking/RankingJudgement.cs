using System.Globalization;
using RagPlatform.Metrics;

namespace RagPlatform.FineTuning.Retrieving.Ranking;

/// <summary>A query with the passages that answer it.</summary>
/// <param name="Query">Its id.</param>
/// <param name="Relevant">Ids of passages; at least one.</param>
internal sealed record JudgedQuery(int Query, IReadOnlySet<int> Relevant);

/// <summary>How well passages are ranked for queries: nDCG@10, recall@10 and MRR over the first 100, means over the queries.</summary>
internal static class RankingJudgement
{
    public const string NormalizedGain = "ndcg_at_10";
    private const int Cutoff = 10;
    private const int Ranked = 100;

    /// <param name="queries">At least one.</param>
    /// <param name="rank">Best passages of a query, best first, at most <paramref name="rank"/>'s second argument; called on several threads.</param>
    /// <param name="threads">At least 1; the result is the same for any number.</param>
    /// <param name="cancellationToken">Looked at between queries.</param>
    public static IReadOnlyDictionary<string, double> Judge(
        IReadOnlyList<JudgedQuery> queries, Func<JudgedQuery, int, IReadOnlyList<int>> rank, int threads, CancellationToken cancellationToken)
    {
        var scores = new (double Gain, double Recall, double Reciprocal)[queries.Count];
        Parallel.For(0, queries.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, i =>
        {
            var ranking = rank(queries[i], Ranked).Select(Name).ToArray();
            var judgments = new Judgments(queries[i].Relevant.Select(passage => KeyValuePair.Create(Name(passage), 1.0)));
            scores[i] = (
                RankingMetrics.NormalizedDiscountedCumulativeGain(ranking, judgments, Cutoff),
                RankingMetrics.Recall(ranking, judgments, Cutoff),
                RankingMetrics.ReciprocalRank(ranking, judgments));
        });
        return new Dictionary<string, double>(StringComparer.Ordinal)
        {
            [NormalizedGain] = scores.Average(score => score.Gain),
            ["recall_at_10"] = scores.Average(score => score.Recall),
            ["mrr"] = scores.Average(score => score.Reciprocal),
        };
    }

    /// <summary>The passages of the highest scores, best first.</summary>
    /// <param name="passages">Ids that are ranked.</param>
    /// <param name="scoreOf">Of a passage by its id.</param>
    /// <param name="count">At most so many are returned.</param>
    public static int[] Best(IReadOnlyList<int> passages, Func<int, float> scoreOf, int count)
    {
        var scores = new float[passages.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = scoreOf(passages[i]);
        }
        return Array.ConvertAll(TopRanks.Of(scores, count), place => passages[place]);
    }

    private static string Name(int passage) => passage.ToString(CultureInfo.InvariantCulture);
}
