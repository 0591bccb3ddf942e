using System.Diagnostics;
using System.Globalization;
using RagPlatform.Search;

namespace RagPlatform.Bench.Engines.Vectors;

/// <summary>hnswlib, as npm builds it and as g++ builds its header for this machine. What cannot be had is said and left out.</summary>
internal static class Peers
{
    private const string Package = "hnswlib-node@3.0.0";

    public static IEnumerable<Measurement> Measure(Workload workload, CollectionIndexOptions options, TextWriter log)
    {
        var folder = Directory.CreateTempSubdirectory("rag-bench-vectors-").FullName;
        try
        {
            if (!Runs("npm", ["install", "--prefix", folder, Package], log))
            {
                yield break;
            }

            workload.WriteTo(folder);
            string[] arguments =
            [
                folder, Text(workload.Dimension), Text(options.GraphLinks), Text(options.GraphConstructionCandidates),
                Workload.HighEnough.ToString(CultureInfo.InvariantCulture), string.Join(',', Workload.Widths),
                .. workload.Scenarios.Select(scenario => scenario.Name),
            ];
            var program = Path.Combine(folder, "hnswlib");
            if (Runs("g++", ["-O3", "-march=native", "-std=c++17", $"-I{folder}/node_modules/hnswlib-node/src", Source("hnswlib.cpp"), "-o", program], log)
                && Output(program, arguments, log) is { } native)
            {
                yield return Measurement.Parse("hnswlib (g++ -O3 -march=native)", native, workload.Rows.Length);
            }

            if (Output("node", ["--max-old-space-size=8192", Source("hnswlib.mjs"), .. arguments], log) is { } node)
            {
                yield return Measurement.Parse("hnswlib-node (npm)", node, workload.Rows.Length);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Source(string name) => Path.Combine(AppContext.BaseDirectory, "Vectors", name);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool Runs(string program, string[] arguments, TextWriter log) => Output(program, arguments, log) is not null;

    /// <summary>Null when it cannot be started or fails.</summary>
    private static string? Output(string program, string[] arguments, TextWriter log)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0)
            {
                return output;
            }

            log.WriteLine($"{program} ended with {process.ExitCode}.");
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            log.WriteLine($"{program} cannot be started: {exception.Message}");
        }

        return null;
    }
}
