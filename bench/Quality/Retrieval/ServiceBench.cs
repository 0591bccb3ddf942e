using System.Globalization;
using RagPlatform.Client;
using RagPlatform.CommandLine.Evaluation;

namespace RagPlatform.Bench.Quality.Retrieval;

/// <summary>The evaluation of <c>rag eval retrieval</c> over every set of a folder, through a running platform, as a page of Markdown.</summary>
internal sealed class ServiceBench(RagClient client, TextWriter output, TextWriter progress)
{
    private const int SearchesInFlight = 2;

    private static readonly double[] Weights = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];

    private static readonly SearchOptions ReciprocalRank = new() { Fusion = FusionMethod.ReciprocalRank };

    /// <param name="folder">Holds a BEIR folder for each set.</param>
    /// <param name="keep">Leave the temporary collections for the next run.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(string folder, bool keep, CancellationToken cancellationToken)
    {
        var runs = new List<SetRun>();
        foreach (var path in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            var set = BeirFolder.Read(path);
            var collection = new TemporaryCollection(client, set);
            await progress.WriteLineAsync($"{set.Name}: {set.Documents.Count} documents, {set.Queries.Count} queries");
            try
            {
                await collection.FillAsync(_ => { }, cancellationToken);
                runs.Add(await MeasureAsync(set, collection.Name, cancellationToken));
            }
            finally
            {
                if (!keep)
                {
                    await collection.DeleteAsync();
                }
            }
        }

        Write(runs);
    }

    private async Task<SetRun> MeasureAsync(JudgedSet set, string collection, CancellationToken cancellationToken)
    {
        var report = await new RetrievalEvaluation(client, set, TimeProvider.System).RunAsync(collection, tune: false, _ => { }, cancellationToken);
        var run = new QueryRun(client, collection, TimeProvider.System);
        var reciprocal = ArmEvaluation.Report("hybrid, RRF", set.Queries, await run.RunAsync(set.Queries, ReciprocalRank, parallel: 1, () => { }, cancellationToken));
        var byWeight = new Dictionary<double, double>();
        foreach (var weight in Weights)
        {
            var how = new SearchOptions { Fusion = FusionMethod.MinMax, VectorWeight = weight };
            var ranked = await run.RunAsync(set.Queries, how, SearchesInFlight, () => { }, cancellationToken);
            byWeight.Add(weight, set.Queries.Zip(ranked, Measures.Score).Average(scores => scores.NdcgAt10));
        }

        return new SetRun(report, reciprocal, byWeight);
    }

    private void Write(List<SetRun> runs)
    {
        output.WriteLine("| set | arm | nDCG@10 | recall@10 | recall@100 | MRR | MAP | p50 ms | p95 ms |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var run in runs)
        {
            foreach (var arm in run.Report.Arms.Append(run.ReciprocalRank))
            {
                var measures = string.Join(" | ", arm.Measures.Select(measure => Invariant($"{measure.Mean:0.000} ({measure.Low:0.000}-{measure.High:0.000})")));
                output.WriteLine(Invariant($"| {run.Report.Set} | {arm.Arm} | {measures} | {arm.LatencyMilliseconds.P50:0.0} | {arm.LatencyMilliseconds.P95:0.0} |"));
            }
        }

        output.WriteLine();
        WriteDifferences(runs);
        output.WriteLine();
        WriteWeights(runs);
    }

    private void WriteDifferences(List<SetRun> runs)
    {
        output.WriteLine("| nDCG@10 of the hybrid minus that of | " + string.Join(" | ", runs.Select(run => run.Report.Set)) + " |");
        output.WriteLine("|---|" + string.Concat(runs.Select(_ => "---|")));
        foreach (var other in (Func<SetRun, ArmReport>[])[run => run.Report.Arms[0], run => run.Report.Arms[1], run => run.ReciprocalRank])
        {
            var cells = runs.Select(run =>
            {
                var comparison = Measures.Compare(Values(other(run)), Values(run.Report.Arms[^1]));
                return Invariant($"{comparison.Difference.Mean:+0.000;-0.000} (p {comparison.PValue:0.0000})");
            });
            output.WriteLine($"| {other(runs[0]).Arm} | {string.Join(" | ", cells)} |");
        }
    }

    private void WriteWeights(List<SetRun> runs)
    {
        var sets = runs.Select(run => run.Report.Set).ToArray();
        var byWeight = Weights.ToDictionary(weight => Invariant($"{weight:0.0}"), weight => runs.Select(run => run.ByWeight[weight]).ToArray(), StringComparer.Ordinal);
        output.WriteLine("| weight of the vectors | " + string.Join(" | ", sets) + " |");
        output.WriteLine("|---|" + string.Concat(sets.Select(_ => "---|")));
        foreach (var (weight, values) in byWeight)
        {
            output.WriteLine($"| {weight} | {string.Join(" | ", values.Select(value => Invariant($"{value:0.0000}")))} |");
        }

        foreach (var choice in LeaveOneOut.Choose(sets, byWeight))
        {
            output.WriteLine(Invariant($"| {choice.Set} left out: {choice.Setting} | {string.Join(" | ", sets.Select(set => set == choice.Set ? Invariant($"{choice.Value:0.0000} (its own best {choice.Best:0.0000})") : ""))} |"));
        }
    }

    private static double[] Values(ArmReport arm) => [.. arm.Queries.Select(query => query.NdcgAt10)];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <param name="ByWeight">Mean nDCG@10.</param>
    private sealed record SetRun(EvaluationReport Report, ArmReport ReciprocalRank, IReadOnlyDictionary<double, double> ByWeight);
}
