using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace RagPlatform.Bench.Engines.Crash;

/// <param name="KilledWhileOpening">Of the rounds: killed before the index was open again.</param>
/// <param name="Operations">Acknowledged.</param>
/// <param name="Comparisons">Times that what an index held was compared with what was acknowledged.</param>
/// <param name="Finished">Operations under way at a kill that were found done.</param>
/// <param name="Failures">What was not as it must be.</param>
public sealed record CrashResult(int Rounds, int KilledWhileOpening, int Operations, int Comparisons, int Finished, IReadOnlyList<string> Failures);

/// <summary>Kills <see cref="CrashLoad"/> again and again with SIGKILL, and compares what the next one finds with what was acknowledged.</summary>
public static class CrashRun
{
    /// <summary>The verb that makes this program the one that is killed.</summary>
    public const string LoadVerb = "crash-load";

    private const int MaxLinesBeforeKill = 1500;
    private const int KillsWhileOpeningInTen = 2;

    /// <summary>The one that runs this, whatever it was started by: its shared framework lies three folders below it.</summary>
    private static string Dotnet => Path.GetFullPath(Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    /// <param name="folder">Empty.</param>
    public static async Task<CrashResult> RunAsync(string folder, int rounds, int seed, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        var journal = new CrashJournal();
        var killedWhileOpening = 0;
        for (var round = 1; round <= rounds; round++)
        {
            var whileOpening = random.Next(10) < KillsWhileOpeningInTen;
            var isReady = await KillAfterAsync(folder, round, whileOpening ? 0 : random.Next(MaxLinesBeforeKill), journal, cancellationToken);
            killedWhileOpening += isReady ? 0 : 1;
        }

        // Once more, to see what the last kill left.
        await KillAfterAsync(folder, rounds + 1, lines: 0, journal, cancellationToken, untilReady: true);
        return new CrashResult(rounds, killedWhileOpening, journal.Operations, journal.Comparisons, journal.Finished, journal.Failures);
    }

    /// <summary>Whether the index was open when the kill came.</summary>
    /// <param name="lines">To wait for after the process said that it opens the index, or after it has.</param>
    private static async Task<bool> KillAfterAsync(
        string folder, int round, int lines, CrashJournal journal, CancellationToken cancellationToken, bool untilReady = false)
    {
        var program = Assembly.GetExecutingAssembly().Location;
        using var process = Process.Start(new ProcessStartInfo(Dotnet, ["exec", program, LoadVerb, folder, $"{round}"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        try
        {
            var isReady = false;
            var left = lines;
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                journal.Read(line);
                isReady |= line == "ready;";
                if ((isReady || (lines == 0 && !untilReady)) && left-- == 0)
                {
                    process.Kill();
                }
            }

            await process.WaitForExitAsync(cancellationToken);
            return isReady;
        }
        finally
        {
            process.Kill();
        }
    }
}
