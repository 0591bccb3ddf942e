using RagPlatform.Client;

namespace RagPlatform.CommandLine.Evaluation;

/// <summary>Searches a collection that holds the set's documents with every arm, and tunes when asked to.</summary>
internal sealed class RetrievalEvaluation(RagClient client, JudgedSet set, TimeProvider time)
{
    /// <summary>The service's, where a collection has none of its own.</summary>
    private const double DefaultVectorWeight = 0.5;

    /// <param name="collection">Complete.</param>
    /// <param name="tune">Whether to look for a better weight.</param>
    /// <param name="report">Told what is being done, for people.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<EvaluationReport> RunAsync(string collection, bool tune, Action<string> report, CancellationToken cancellationToken)
    {
        var described = await client.DescribeCollectionAsync(collection, cancellationToken);
        var run = new QueryRun(client, collection, time);
        var arms = new List<ArmReport>();
        foreach (var (arm, how) in ArmEvaluation.Arms)
        {
            var done = 0;
            var ranked = await run.RunAsync(
                set.Queries, how, parallel: 1, () => report($"Searching ({arm}): {Interlocked.Increment(ref done)} of {set.Queries.Count} queries."), cancellationToken);
            arms.Add(ArmEvaluation.Report(arm, set.Queries, ranked));
        }

        var tuning = tune ? await TuneAsync(run, described.Settings.VectorWeight ?? DefaultVectorWeight, report, cancellationToken) : null;
        var at = time.GetUtcNow();
        return new EvaluationReport(
            EvaluationHistory.IdOf(at, set.Name),
            at,
            set.Name,
            set.Fingerprint,
            new SearchedCollection(described.Name, described.Model, described.Store, described.ConfigurationHash, described.DocumentCount, described.ChunkCount),
            set.Queries.Count,
            arms,
            tuning,
            set.Notes);
    }

    private async Task<TuningReport> TuneAsync(QueryRun run, double currentWeight, Action<string> report, CancellationToken cancellationToken)
    {
        var (done, total) = (0, WeightTuning.SearchCount(set.Queries.Count));
        return await new WeightTuning(run).RunAsync(
            set.Queries, currentWeight, () => report($"Trying weights: {Interlocked.Increment(ref done)} of {total} searches."), cancellationToken);
    }
}
