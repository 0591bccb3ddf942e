using RagPlatform.Client;
using RagPlatform.Metrics;

namespace RagPlatform.CommandLine.Evaluation;

/// <summary>Makes what was found for every query into an arm's report.</summary>
internal static class ArmEvaluation
{
    private const int WorstCount = 10;
    private const int ShownDocuments = 5;

    /// <summary>But for rounding.</summary>
    private const double Perfect = 1 - 1e-9;

    /// <summary>The hybrid is what the collection's own settings make it, its reranker included; the arms are by themselves.</summary>
    public static readonly IReadOnlyList<(string Name, SearchOptions How)> Arms =
    [
        ("lexical", new SearchOptions { Fusion = FusionMethod.Lexical, RerankModel = "" }),
        ("vector", new SearchOptions { Fusion = FusionMethod.Vector, RerankModel = "" }),
        ("hybrid", new SearchOptions()),
    ];

    public static ArmReport Report(string arm, IReadOnlyList<JudgedQuery> queries, IReadOnlyList<RankedDocuments> ranked)
    {
        var scores = queries.Zip(ranked, Measures.Score).ToArray();
        var measures = Measures.All.Select(measure => Means(measure.Name, [.. scores.Select(measure.Of)])).ToArray();
        var latencies = scores.Select(query => query.Milliseconds).Order().ToArray();
        var worst = Enumerable.Range(0, scores.Length)
            .Where(index => scores[index].NdcgAt10 < Perfect)
            .OrderBy(index => scores[index].NdcgAt10).ThenBy(index => scores[index].RecallAt100).ThenBy(index => index)
            .Take(WorstCount)
            .Select(index => Worst(queries[index], scores[index], ranked[index].DocumentIds))
            .ToArray();
        return new ArmReport(arm, measures, new LatencyReport(Quantiles.Of(latencies, 0.5), Quantiles.Of(latencies, 0.95)), worst, scores);
    }

    public static MeasureReport Means(string measure, double[] values)
    {
        var interval = Measures.Interval(values);
        return new MeasureReport(measure, interval.Mean, interval.Low, interval.High);
    }

    private static WorstQuery Worst(JudgedQuery query, QueryScores scores, IReadOnlyList<string> found)
    {
        var first = found.Index().Where(hit => query.Gains.ContainsKey(hit.Item)).Select(hit => (int?)hit.Index + 1).FirstOrDefault();
        var relevant = query.Gains.OrderByDescending(gain => gain.Value).ThenBy(gain => gain.Key, StringComparer.Ordinal).Select(gain => gain.Key);
        return new WorstQuery(query.Id, query.Text, scores.NdcgAt10, first, [.. relevant.Take(ShownDocuments)], [.. found.Take(ShownDocuments)]);
    }
}
