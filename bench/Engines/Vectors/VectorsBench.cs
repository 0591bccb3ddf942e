using RagPlatform.Search;

namespace RagPlatform.Bench.Engines.Vectors;

/// <summary>Measures our HNSW beside hnswlib and writes the result as Markdown.</summary>
internal static class VectorsBench
{
    private const int QueryCount = 1000;

    public static int Run(string file, int dimension, int maxRows, TextWriter output)
    {
        if (!File.Exists(file))
        {
            Console.Error.WriteLine($"'{file}' is not there.");
            return 2;
        }

        var workload = Workload.Read(file, dimension, maxRows, QueryCount);
        var options = new CollectionIndexOptions { Dimension = dimension, GraphFromChunks = 1 };
        var measurements = new List<Measurement> { OwnEngine.Measure(workload, options) };
        measurements.AddRange(Peers.Measure(workload, options, Console.Error));
        VectorsReport.Write(workload, options, measurements, output);
        return 0;
    }
}
