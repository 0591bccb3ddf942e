namespace RagPlatform.Metrics;

/// <summary>
/// How good one query's ranking is, 0 to 1, by the definitions of trec_eval. A ranking is document ids, best first, each
/// once. Where nothing is relevant every measure is 0: leave such queries out of a mean.
/// </summary>
public static class RankingMetrics
{
    /// <summary>
    /// Normalised discounted cumulative gain: DCG of the first <paramref name="cutoff"/> over that of a perfect ranking,
    /// DCG = Σ gain(rank) / log2(rank + 1). Gains are linear (trec_eval, BEIR), not 2^gain - 1.
    /// Source: K. Järvelin and J. Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20(4), 2002.
    /// </summary>
    public static double NormalizedDiscountedCumulativeGain(IReadOnlyList<string> ranking, Judgments judgments, int cutoff)
    {
        Check(ranking, judgments, cutoff);
        var ideal = Discounted(judgments.IdealGains.Take(cutoff));
        return ideal == 0 ? 0 : Discounted(ranking.Take(cutoff).Select(judgments.GainOf)) / ideal;
    }

    /// <summary>Of the relevant documents, the share among the first <paramref name="cutoff"/>.</summary>
    public static double Recall(IReadOnlyList<string> ranking, Judgments judgments, int cutoff)
    {
        Check(ranking, judgments, cutoff);
        return judgments.RelevantCount == 0 ? 0 : (double)RelevantAmong(ranking, judgments, cutoff) / judgments.RelevantCount;
    }

    /// <summary>Of the first <paramref name="cutoff"/> ranks, the share that holds a relevant document; empty ranks count as irrelevant.</summary>
    public static double Precision(IReadOnlyList<string> ranking, Judgments judgments, int cutoff)
    {
        Check(ranking, judgments, cutoff);
        return (double)RelevantAmong(ranking, judgments, cutoff) / cutoff;
    }

    /// <summary>
    /// 1 / rank of the first relevant document; 0 when none is ranked. Its mean over queries is MRR.
    /// Source: E. Voorhees, "The TREC-8 Question Answering Track Report", 1999.
    /// </summary>
    public static double ReciprocalRank(IReadOnlyList<string> ranking, Judgments judgments)
    {
        Check(ranking, judgments, cutoff: 1);
        for (var i = 0; i < ranking.Count; i++)
        {
            if (judgments.IsRelevant(ranking[i]))
            {
                return 1.0 / (i + 1);
            }
        }

        return 0;
    }

    /// <summary>
    /// Mean of the precision at the rank of every relevant document, 0 for those not ranked. Its mean over queries is MAP.
    /// Source: C. Buckley and E. Voorhees, "Evaluating evaluation measure stability", SIGIR 2000.
    /// </summary>
    public static double AveragePrecision(IReadOnlyList<string> ranking, Judgments judgments)
    {
        Check(ranking, judgments, cutoff: 1);
        var (found, sum) = (0, 0.0);
        for (var i = 0; i < ranking.Count; i++)
        {
            if (judgments.IsRelevant(ranking[i]))
            {
                found++;
                sum += (double)found / (i + 1);
            }
        }

        return judgments.RelevantCount == 0 ? 0 : sum / judgments.RelevantCount;
    }

    private static double Discounted(IEnumerable<double> gains)
    {
        var (sum, rank) = (0.0, 0);
        foreach (var gain in gains)
        {
            rank++;
            sum += gain / Math.Log2(rank + 1);
        }

        return sum;
    }

    private static int RelevantAmong(IReadOnlyList<string> ranking, Judgments judgments, int cutoff) => ranking.Take(cutoff).Count(judgments.IsRelevant);

    private static void Check(IReadOnlyList<string> ranking, Judgments judgments, int cutoff)
    {
        ArgumentNullException.ThrowIfNull(ranking);
        ArgumentNullException.ThrowIfNull(judgments);
        ArgumentOutOfRangeException.ThrowIfLessThan(cutoff, 1);
        var seen = new HashSet<string>(ranking.Count, StringComparer.Ordinal);
        foreach (var document in ranking)
        {
            if (!seen.Add(document))
            {
                throw new ArgumentException($"The document '{document}' is ranked twice.", nameof(ranking));
            }
        }
    }
}
