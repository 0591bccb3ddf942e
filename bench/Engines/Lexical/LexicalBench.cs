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
        report.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            # BM25 beside Xapian and SQLite FTS5

            {data.Chunks.Length:N0} chunks of documentation, {data.Questions.Length:N0} questions of 6 to 10 words that follow one another in a chunk, any of which may match,
            the {EngineRun.TopK} best. Every engine indexes and searches the same terms, as the platform's analyzer gives them, with positions and with
            k1 1.2 and b 0.75; one thread, the best of {EngineRun.Passes} passes. Seconds are the process's processor time, so that other work on the
            machine counts little. The platform's time is that of reading, binding and searching a query over a mapped file.

            ```
            dotnet run -c Release --project bench/Engines -- lexical CORPUS.jsonl {data.Questions.Length} > bench/results/lexical.md
            ```

            (CORPUS.jsonl: of the corpus command. Xapian: Debian's python3-xapian, compacted. FTS5: contentless, optimised.) "Same top": how much
            of the platform's ten is in the peer's. Xapian and FTS5 weigh frequent terms a little differently.

            | engine | questions/s | ms per question | platform's speed | index MB | build s | same top |
            |---|---|---|---|---|---|---|
            """));
        foreach (var run in runs)
        {
            report.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {run.Engine} | {data.Questions.Length / run.SearchSeconds:N0} | {1000 * run.SearchSeconds / data.Questions.Length:0.000} | {run.SearchSeconds / ours.SearchSeconds:0.0}x | {run.IndexBytes / 1e6:0.0} | {run.BuildSeconds:0.0} | {Agreement(ours, run):P1} |"));
        }
    }

    /// <summary>How much of our top is also in theirs.</summary>
    private static double Agreement(EngineRun ours, EngineRun theirs) =>
        ours.Hits.Zip(theirs.Hits, (left, right) => left.Length == 0 ? 1 : left.Intersect(right).Count() / (double)left.Length).Average();
}
