using System.Globalization;

namespace RagPlatform.Bench.Engines.Vectors;

/// <param name="Width">Candidates of the search (ef); 0: what the engine chose itself.</param>
internal sealed record Run(string Scenario, int Width, double QueriesPerSecond, double Recall);

/// <summary>What one engine did with the workload.</summary>
internal sealed record Measurement(string Engine, double BuildSeconds, double BytesPerRow, IReadOnlyList<Run> Runs)
{
    /// <summary>Reads what the peers print (hnswlib.cpp).</summary>
    public static Measurement Parse(string engine, string output, int rowCount)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().Split(' ')).ToLookup(words => words[0]);
        return new Measurement(
            engine,
            Number(lines["build"].Single()[1]),
            Number(lines["bytes"].Single()[1]) / rowCount,
            [.. lines["run"].Select(words => new Run(words[1], (int)Number(words[2]), Number(words[3]), Number(words[4])))]);
    }

    /// <summary>Queries a second at a recall, on the line between the runs beside it (time per query over recall); a run that begins above it stands for it. Null: never reached.</summary>
    public double? QueriesPerSecondAt(string scenario, double recall)
    {
        Run? below = null;
        foreach (var run in Runs.Where(run => run.Scenario == scenario && run.Width > 0).OrderBy(run => run.Width))
        {
            if (run.Recall < recall)
            {
                below = run;
                continue;
            }

            if (below is null)
            {
                return run.QueriesPerSecond;
            }

            var share = (recall - below.Recall) / (run.Recall - below.Recall);
            return 1 / (((1 - share) / below.QueriesPerSecond) + (share / run.QueriesPerSecond));
        }

        return null;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
