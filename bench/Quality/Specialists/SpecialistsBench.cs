using System.Diagnostics;
using System.Globalization;
using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Specialist;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.Bench.Quality.Specialists;

/// <summary>What specialists learn on utterances, beside the same encoder left as it is, with the minutes that it takes.</summary>
internal sealed class SpecialistsBench(string model, TextWriter output, TextWriter progress)
{
    private static readonly string[] Metrics =
        ["accuracy", "macro_f1", "slot_f1", "exact_match", "schema_validity", "ece", "exact_match_ece", "oos_auroc", "refusal_kept", "in_scope_kept", "latency_p50_ms", "bytes"];

    /// <param name="data">Folder of the sets.</param>
    /// <param name="sets">Their names.</param>
    /// <param name="seeds">One run of each set for each.</param>
    /// <param name="hyperParameters">By name; what is left out the trainer chooses.</param>
    /// <param name="result">The adapters go there, a folder for each set and seed.</param>
    /// <param name="threads">That compute.</param>
    public async Task RunAsync(
        string data, IReadOnlyList<string> sets, IReadOnlyList<ulong> seeds, IReadOnlyDictionary<string, string> hyperParameters, string result, int threads)
    {
        foreach (var name in sets)
        {
            var set = IntentSet.Read(data, name);
            await output.WriteLineAsync($"## {set.Name}");
            await output.WriteLineAsync($"{set.Split}: {set.Data.Training.Count}, {set.Data.Validation.Count} and {set.Data.Test.Count} texts.");
            var rows = new List<(string System, IReadOnlyDictionary<string, double> Metrics, double Minutes)>();
            foreach (var seed in seeds)
            {
                var began = Stopwatch.GetTimestamp();
                var cpuBefore = Process.GetCurrentProcess().TotalProcessorTime;
                var outcome = Train(set, seed, hyperParameters, Path.Combine(result, name, seed.ToString(CultureInfo.InvariantCulture)), threads);
                var minutes = Stopwatch.GetElapsedTime(began).TotalMinutes;
                var cpuMinutes = (Process.GetCurrentProcess().TotalProcessorTime - cpuBefore).TotalMinutes;
                if (rows.Count == 0)
                {
                    await WriteHeadAsync(outcome);
                }
                foreach (var row in outcome.Rows.Where(row => row.System == "adapter" || seed == seeds[0]))
                {
                    rows.Add((row.System, row.Metrics, minutes));
                    var isAdapter = row.System == "adapter";
                    await WriteRowAsync(
                        isAdapter ? $"specialist, seed {seed}" : row.System, row.Metrics, isAdapter ? Invariant($"{minutes:0.0} ({cpuMinutes:0.0} of processor)") : "");
                }
                await output.FlushAsync();
            }
            await WriteMeanAsync([.. rows.Where(row => row.System == "adapter").Select(row => row.Metrics)]);
            await output.WriteLineAsync();
        }
    }

    private TrainingOutcome Train(IntentSet set, ulong seed, IReadOnlyDictionary<string, string> hyperParameters, string folder, int threads)
    {
        return new SpecialistTrainer().Train(
            new TrainingRun(new DirectoryModelFiles(model), Path.GetFileName(Path.TrimEndingDirectorySeparator(model)), set.Data, hyperParameters, seed, threads)
            {
                Checkpoints = new MemoryCheckpointStore(),
                Observer = new SpecialistProgress(progress, $"{set.Name} {seed}"),
                CreateFile = name => CreateFile(Path.Combine(folder, name)),
            },
            CancellationToken.None);
    }

    /// <summary>Names have folders in them, such as "1_Pooling/config.json".</summary>
    private static FileStream CreateFile(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return File.Create(path);
    }

    private async Task WriteHeadAsync(TrainingOutcome outcome)
    {
        await output.WriteLineAsync();
        await output.WriteLineAsync(string.Join(", ", outcome.HyperParameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}")));
        await output.WriteLineAsync();
        await output.WriteLineAsync($"| system | {string.Join(" | ", Metrics)} | minutes |");
        await output.WriteLineAsync($"|---|{string.Concat(Enumerable.Repeat("---:|", Metrics.Length))}---|");
    }

    private async Task WriteMeanAsync(IReadOnlyList<IReadOnlyDictionary<string, double>> runs)
    {
        if (runs.Count > 1)
        {
            await WriteRowAsync(
                $"specialist, mean of {runs.Count}",
                Metrics.Where(runs[0].ContainsKey).ToDictionary(metric => metric, metric => runs.Average(run => run[metric]), StringComparer.Ordinal), "");
        }
    }

    private Task WriteRowAsync(string name, IReadOnlyDictionary<string, double> metrics, string minutes) => output.WriteLineAsync(
        $"| {name} | {string.Join(" | ", Metrics.Select(metric => metrics.TryGetValue(metric, out var value) ? Shown(metric, value) : ""))} | {minutes} |");

    private static string Shown(string metric, double value) => metric switch
    {
        "bytes" => Invariant($"{value:#,0}"),
        "latency_p50_ms" => Invariant($"{value:0.00}"),
        _ => Invariant($"{value:0.0000}"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
