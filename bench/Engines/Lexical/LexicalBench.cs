using System.Globalization;

namespace RagPlatform.Bench.Engines.Lexical;

/// <summary>BM25 over the same terms of the same chunks: the platform's engine, Xapian and SQLite FTS5, one thread each.</summary>
internal static class LexicalBench
{
    public static void Run(string chunksPath, int questionCount, TextWriter report)
    {
        var folder = Directory.CreateTempSubdirectory("bench-lexical-").FullName;
        try
        {
            var data = LexicalData.Read(chunksPath, questionCount, folder);
            EngineRun?[] runs =
            [
                PlatformRun.Run(data, Path.Combine(folder, "platform")),
                PeerRun.Run("xapian", data, Path.Combine(folder, "xapian")),
                PeerRun.Run("fts5", data, Path.Combine(folder, "fts5")),
            ];
            Print(data, [.. runs.OfType<EngineRun>()], report);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Print(LexicalData data, EngineRun[] runs, TextWriter report)
    {
        var ours = runs[0];
        report.WriteLine($"{data.Chunks.Length} chunks, {data.Questions.Length} questions of 6 to 10 terms, any of which may match, the {EngineRun.TopK} best, one thread\n");
        report.WriteLine("| engine | questions/s | ms per question | of that on the processor | platform's speed | index MB | build s | same top 10 |");
        report.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var run in runs)
        {
            report.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {run.Engine} | {data.Questions.Length / run.SearchSeconds:0} | {1000 * run.SearchSeconds / data.Questions.Length:0.000} | {1000 * run.SearchCpuSeconds / data.Questions.Length:0.000} | {run.SearchCpuSeconds / ours.SearchCpuSeconds:0.0}x | {run.IndexBytes / 1e6:0.0} | {run.BuildSeconds:0.0} | {Agreement(ours, run):P1} |"));
        }
    }

    /// <summary>How much of our top is also in theirs.</summary>
    private static double Agreement(EngineRun ours, EngineRun theirs) =>
        ours.Hits.Zip(theirs.Hits, (left, right) => left.Length == 0 ? 1 : left.Intersect(right).Count() / (double)left.Length).Average();
}
