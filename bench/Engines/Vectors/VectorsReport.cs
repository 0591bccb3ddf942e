using System.Globalization;
using RagPlatform.Search;

namespace RagPlatform.Bench.Engines.Vectors;

internal static class VectorsReport
{
    public static void Write(Workload workload, CollectionIndexOptions options, IReadOnlyList<Measurement> measurements, TextWriter output)
    {
        output.WriteLine(Invariant($"""
            # HNSW beside hnswlib

            {workload.Rows.Length:N0} vectors of {workload.Dimension} dimensions (all-MiniLM-L6-v2 on chunks of documentation), {workload.Queries.Length:N0} queries: rows of the
            same file, evenly spread, that were not indexed. M {options.GraphLinks}, efConstruction {options.GraphConstructionCandidates}, one thread, one run; of each point the best of three
            passes. Seconds are the process's processor time, so that other work on the machine counts little. {Processor()}. Recall@10 against an exact fp32 scan, by score: a hit is a row no worse than the true tenth.

            ```
            dotnet run -c Release --project bench/Engines -- vectors FILE {workload.Dimension} > bench/results/vectors.md
            ```

            (FILE: fp32 rows of unit length, little-endian.) hnswlib-node is the npm package, which node-gyp compiles with -O3 for any x86-64, so with
            SSE; the other is the header from that package, compiled for this machine. Ours walks the graph over int8 codes and compares what it found in fp32:
            of its bytes per vector {options.Dimension * 4:N0} are the fp32 row, which hnswlib's walk reads, and the codes, links and tables of our walk are the rest.

            | | build s | bytes per vector | q/s at recall .95 | q/s at recall .99 |
            |---|---|---|---|---|
            """));
        foreach (var engine in measurements)
        {
            output.WriteLine(Invariant($"| {engine.Engine} | {engine.BuildSeconds:0.0} | {engine.BytesPerRow:0} | {Speed(engine, "all", 0.95)} | {Speed(engine, "all", 0.99)} |"));
        }

        output.WriteLine("\n## Deleted and filtered\n\n\"Chosen\" is what a search with defaults does by itself: it walks the graph or compares all allowed rows. hnswlib-node's filter is a JavaScript function.\n");
        output.WriteLine($"| rows allowed | {string.Join(" | ", measurements.Select(engine => $"{engine.Engine}: q/s at recall .95"))} | RagPlatform, chosen: q/s | recall@10 |");
        output.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---|", measurements.Count + 2))}");
        foreach (var scenario in workload.Scenarios)
        {
            var chosen = measurements[0].Runs.Single(run => run.Scenario == scenario.Name && run.Width == 0);
            output.WriteLine(Invariant($"| {scenario.Name} | {string.Join(" | ", measurements.Select(engine => Speed(engine, scenario.Name, 0.95)))} | {chosen.QueriesPerSecond:N0} | {chosen.Recall:0.0000} |"));
        }

        output.WriteLine("\n## Every point\n\n| engine | rows allowed | ef | q/s | recall@10 |\n|---|---|---|---|---|");
        foreach (var (engine, run) in measurements.SelectMany(engine => engine.Runs.Where(run => run.Width > 0).Select(run => (engine.Engine, run))))
        {
            output.WriteLine(Invariant($"| {engine} | {run.Scenario} | {run.Width} | {run.QueriesPerSecond:N0} | {run.Recall:0.0000} |"));
        }
    }

    private static string Speed(Measurement engine, string scenario, double recall) =>
        engine.QueriesPerSecondAt(scenario, recall) is { } speed ? Invariant($"{speed:N0}") : "not reached";

    /// <summary>As Linux names it.</summary>
    private static string Processor() =>
        (File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null)
        is { } line ? line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..] : "Processor unknown";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
