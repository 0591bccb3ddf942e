using System.Diagnostics;

namespace RagPlatform.Bench.Engines.Crash;

/// <summary>Kills a process that writes to an index, and reports whether anything was lost or damaged.</summary>
internal static class CrashBench
{
    private const int Seed = 3;

    public static async Task<int> RunAsync(int rounds, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("ragplatform-crash-").FullName;
        try
        {
            var stopwatch = Stopwatch.StartNew();
            var result = await CrashRun.RunAsync(folder, rounds, Seed, CancellationToken.None);
            await output.WriteLineAsync($"""
                # kill -9 in the middle of writes

                ```
                dotnet run -c Release --project bench/Engines -- crash {rounds} > bench/results/crash.md
                ```

                A process with four writers and maintenance on one index (real folder, real fsync) replaces, removes and re-indexes 160
                documents, so fast and with so small files that logs end and files are merged all the time. It is killed with SIGKILL at a
                random moment; the next one opens the index, compares every byte of every document with what its version must hold, and
                goes on. What it finds must be, document by document, what was acknowledged last or what was under way.

                | | |
                |---|---|
                | kills | {result.Rounds} |
                | of these while the index was being opened | {result.KilledWhileOpening} |
                | operations acknowledged | {result.Operations} |
                | comparisons of the whole index | {result.Comparisons} |
                | under way at a kill and found done | {result.Finished} |
                | documents lost, stale, wrong or back again, files set aside | {result.Failures.Count} |
                | seconds | {stopwatch.Elapsed.TotalSeconds:0} |

                A killed process does not take the machine's memory with it; what a power failure does (unflushed writes lost, torn, out of
                order) is simulated in tests/Search.Tests: CollectionIndexCrashTests. Flipped bytes: CollectionIndexDamageTests.
                """);
            foreach (var failure in result.Failures)
            {
                await output.WriteLineAsync($"- {failure}");
            }

            return result.Failures.Count == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
