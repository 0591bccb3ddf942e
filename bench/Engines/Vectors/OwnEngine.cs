using RagPlatform.Search;
using RagPlatform.Search.Files;
using RagPlatform.Search.Segments;
using RagPlatform.Search.Vectors;

namespace RagPlatform.Bench.Engines.Vectors;

/// <summary>Our graph on the workload, on the calling thread.</summary>
internal static class OwnEngine
{
    private const int Passes = 3;

    private delegate void Searching(ReadOnlySpan<float> query, TopRows top);

    public static Measurement Measure(Workload workload, CollectionIndexOptions options)
    {
        var bytes = new MemoryBytes();
        var start = Environment.CpuUsage.TotalTime;
        using (var writer = new SegmentWriter(bytes))
        {
            VectorSectionWriter.Write(writer, workload.Rows, options, CancellationToken.None);
            writer.Finish();
        }

        var buildSeconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        using var sections = new StoredSections(bytes, isVerified: true);
        var segment = new VectorSegment(sections);
        var runs = new List<Run>();
        foreach (var scenario in workload.Scenarios)
        {
            var allowed = scenario.AllowedCount == segment.RowCount ? null : scenario.Allowed;
            foreach (var width in Workload.Widths)
            {
                runs.Add(Time(workload, scenario, width, (query, top) => segment.SearchGraph(query, allowed, width, firstRow: 0, top)));
                if (runs[^1].Recall > Workload.HighEnough)
                {
                    break;
                }
            }

            runs.Add(Time(workload, scenario, width: 0, (query, top) => segment.Search(query, allowed, scenario.AllowedCount, exact: false, firstRow: 0, top)));
        }

        return new Measurement("RagPlatform", buildSeconds, (double)sections.Bytes / segment.RowCount, runs);
    }

    private static Run Time(Workload workload, Scenario scenario, int width, Searching search)
    {
        var best = double.MaxValue;
        var found = 0;
        for (var pass = 0; pass < Passes; pass++)
        {
            found = 0;
            var start = Environment.CpuUsage.TotalTime;
            for (var query = 0; query < scenario.Lowest.Length; query++)
            {
                var top = new TopRows(Workload.Count);
                search(workload.Queries[query].Span, top);
                foreach (var row in top.TakeSorted())
                {
                    found += row.Score >= scenario.Lowest[query] ? 1 : 0;
                }
            }

            best = Math.Min(best, (Environment.CpuUsage.TotalTime - start).TotalSeconds);
        }

        return new Run(scenario.Name, width, scenario.Lowest.Length / best, Math.Min(1, found / (double)(scenario.Lowest.Length * Workload.Count)));
    }
}
