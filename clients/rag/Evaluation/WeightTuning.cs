using RagPlatform.Client;

namespace RagPlatform.CommandLine.Evaluation;

/// <summary>
/// Chooses the share of the vectors on one half of the queries and says what it is worth on the other, which had no part
/// in the choice.
/// </summary>
internal sealed class WeightTuning(QueryRun run)
{
    public const int MinQueries = 20;

    private const int Steps = 10;
    private const int Parallel = 4;

    /// <summary>The searches that it takes, warm-up aside.</summary>
    public static int SearchCount(int queries) => ((Steps + 1) * First(queries)) + (2 * (queries - First(queries)));

    /// <param name="queries">At least <see cref="MinQueries"/>.</param>
    /// <param name="currentWeight">That the collection is searched with now.</param>
    /// <param name="onDone">Called for each search.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<TuningReport> RunAsync(IReadOnlyList<JudgedQuery> queries, double currentWeight, Action onDone, CancellationToken cancellationToken)
    {
        // By a hash of the id: neither the file's order nor its growth moves a query from one half to the other at random.
        var shuffled = queries.OrderBy(query => Hash(query.Id)).ThenBy(query => query.Id, StringComparer.Ordinal).ToArray();
        var (tuned, judged) = (shuffled[..First(shuffled.Length)], shuffled[First(shuffled.Length)..]);
        var curve = new List<WeightPoint>();
        for (var step = 0; step <= Steps; step++)
        {
            var weight = (double)step / Steps;
            var mean = ArmEvaluation.Means(Measures.Main, await ScoreAsync(tuned, weight, onDone, cancellationToken));
            curve.Add(new WeightPoint(weight, mean.Mean, mean.Low, mean.High));
        }

        var best = curve.OrderByDescending(point => point.Mean).ThenBy(point => Math.Abs(point.VectorWeight - currentWeight)).First().VectorWeight;
        var current = await ScoreAsync(judged, currentWeight, onDone, cancellationToken);
        var chosen = await ScoreAsync(judged, best, onDone, cancellationToken);
        var comparison = Measures.Compare(current, chosen);
        return new TuningReport(
            curve,
            currentWeight,
            best,
            ArmEvaluation.Means(Measures.Main, current),
            ArmEvaluation.Means(Measures.Main, chosen),
            new MeasureReport(Measures.Main, comparison.Difference.Mean, comparison.Difference.Low, comparison.Difference.High),
            comparison.PValue,
            AppliedTo: null);
    }

    private async Task<double[]> ScoreAsync(JudgedQuery[] queries, double weight, Action onDone, CancellationToken cancellationToken)
    {
        var how = new SearchOptions { Fusion = FusionMethod.MinMax, VectorWeight = weight, RerankModel = "" };
        var ranked = await run.RunAsync(queries, how, Parallel, onDone, cancellationToken);
        return [.. queries.Zip(ranked, Measures.Score).Select(scores => scores.NdcgAt10)];
    }

    private static int First(int queries) => queries / 2;

    /// <summary>FNV-1a, which is the same in every process.</summary>
    private static uint Hash(string id) => id.Aggregate(2166136261u, (hash, character) => unchecked((hash ^ character) * 16777619));
}
