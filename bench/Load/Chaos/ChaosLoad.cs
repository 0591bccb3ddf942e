using System.Diagnostics;
using System.Globalization;
using Grpc.Core;

namespace RagPlatform.Bench.Load.Chaos;

/// <summary>Documents of mixed operations while everything fails that can fail; then what is there is compared with what must be there.</summary>
internal static class ChaosLoad
{
    private const int Dimension = 64;
    private const int Shown = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <returns>Whether nothing was lost, nothing is there twice and nothing orphaned.</returns>
    public static async Task<bool> RunAsync(ChaosPlan plan)
    {
        await using var broker = new ChaosBroker();
        await broker.StartAsync();
        using var platform = new ChaosPlatform(plan, broker.Address, Dimension);
        await platform.WaitUntilAnsweringAsync();
        var operations = new ChaosOperations(plan);
        var feeder = new ChaosFeeder(platform, broker);
        var disturbances = new Disturbances(platform, broker, plan.Seed);
        var begin = Stopwatch.GetTimestamp();
        await Task.WhenAll(feeder.RunAsync(operations.All, plan.Duration), disturbances.RunAsync(plan.Duration));
        var fed = Stopwatch.GetElapsedTime(begin);
        var ended = platform.Ended.ToArray();

        var unlike = await WaitForRestAsync(platform, operations);
        var rested = Stopwatch.GetElapsedTime(begin);
        var verdict = await ChaosVerdict.ReachAsync(platform, operations, unlike, Dimension);
        Write(plan, operations, feeder, disturbances, ended, fed, rested, verdict);
        return verdict.IsClean && ended.Length == 0;
    }

    /// <returns>What still differs when patience is at its end; nothing when all is as it must be.</returns>
    private static async Task<List<string>> WaitForRestAsync(ChaosPlatform platform, ChaosOperations operations)
    {
        List<string> unlike = ["the registry never answered"];
        for (var begin = Stopwatch.GetTimestamp(); unlike.Count > 0 && Stopwatch.GetElapsedTime(begin) < Patience; await Task.Delay(TimeSpan.FromSeconds(1)))
        {
            try
            {
                var before = unlike.Count;
                unlike = await ChaosVerdict.UnlikeRegistryAsync(platform, operations);
                if (unlike.Count == before)
                {
                    continue;
                }

                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss} {unlike.Count} documents are not yet as they must be"));
            }
            catch (RpcException exception) when (exception.StatusCode is StatusCode.Unavailable)
            {
                // The last one that was killed is starting.
            }
        }

        return unlike;
    }

    private static void Write(
        ChaosPlan plan, ChaosOperations operations, ChaosFeeder feeder, Disturbances disturbances, string[] ended, TimeSpan fed, TimeSpan rested, ChaosVerdict verdict)
    {
        Line($"{plan.Documents} documents, {operations.All.Count} operations in {plan.Duration.TotalMinutes:0} minutes, seed {plan.Seed}, {Environment.ProcessorCount} cores\n");
        Line($"| | |\n|---|---|");
        foreach (var (disturbance, count) in disturbances.Counts.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Line($"| {disturbance} | {count} times |");
        }

        Line($"| operations that had to be sent again | {feeder.Repeated} |");
        Line($"| all operations confirmed, last disturbance over after | {fed.TotalSeconds:0} s |");
        Line($"| all documents at rest after | {rested.TotalSeconds:0} s |");
        Line($"| documents that must be there | {verdict.Live} |");
        Line($"| registry differs from what was done | {verdict.Registry.Count} |");
        Line($"| registry and index differ, by the platform's own comparison | {verdict.Comparison.Count} |");
        Line($"| index differs from what was done | {verdict.Index.Count} |");
        Line($"| chunk ids twice | {verdict.Twice} |");
        Line($"| services that ended by themselves | {ended.Length} {string.Join(", ", ended)} |");
        foreach (var one in verdict.Registry.Take(Shown).Concat(verdict.Comparison.Take(Shown)).Concat(verdict.Index.Take(Shown)))
        {
            Console.Error.WriteLine(one);
        }
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
