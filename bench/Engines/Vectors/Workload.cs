using System.Runtime.InteropServices;
using RagPlatform.Numerics;
using RagPlatform.Search;

namespace RagPlatform.Bench.Engines.Vectors;

/// <summary>Which rows a search may return, and for each of the first queries, as many as are asked, the score that its true tenth best reaches.</summary>
internal sealed record Scenario(string Name, RowSet Allowed, float[] Lowest)
{
    public int AllowedCount { get; } = Allowed.Count();
}

/// <summary>Rows to index, rows of the same file held out as queries, and the truth about them.</summary>
internal sealed class Workload
{
    public const int Count = 10;

    /// <summary>From which recall on wider searches are not measured.</summary>
    public const double HighEnough = 0.992;

    /// <summary>Candidates of the searches to measure (ef).</summary>
    public static readonly int[] Widths = [10, 12, 16, 20, 24, 32, 40, 48, 64, 96, 128, 256, 512, 1024];

    // A graph searched through a filter that leaves little takes milliseconds, or hundreds where the filter is JavaScript.
    private const int FilteredQueryCount = 100;

    // What two programs that add in another order may differ by.
    private const float Rounding = 1e-6f;

    private readonly float[] _values;

    private Workload(float[] values, int dimension, int[] rows, int[] queries)
    {
        (_values, Dimension) = (values, dimension);
        Rows = Array.ConvertAll(rows, row => new ReadOnlyMemory<float>(_values, row * dimension, dimension));
        Queries = Array.ConvertAll(queries, row => new ReadOnlyMemory<float>(_values, row * dimension, dimension));
        Scenarios =
        [
            With("all", RowSet.All(Rows.Length), queries.Length),
            With("filter-10%", Every(10), FilteredQueryCount),
            With("filter-1%", Every(100), FilteredQueryCount),
            With("filter-0.1%", Every(1000), FilteredQueryCount),
            With("deleted-20%", AllBut(5), queries.Length),
        ];
    }

    public int Dimension { get; }

    public ReadOnlyMemory<float>[] Rows { get; }

    public ReadOnlyMemory<float>[] Queries { get; }

    public IReadOnlyList<Scenario> Scenarios { get; }

    /// <summary>Evenly spread rows become queries; the other rows, at most that many, are indexed.</summary>
    public static Workload Read(string file, int dimension, int maxRows, int queryCount)
    {
        var available = (int)Math.Min(new FileInfo(file).Length / sizeof(float) / dimension, maxRows + (long)queryCount);
        var values = new float[(long)available * dimension];
        using var stream = File.OpenRead(file);
        stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        var step = available / queryCount;
        var numbers = Enumerable.Range(0, available).ToLookup(row => row % step == step / 2 && row / step < queryCount);
        return new Workload(values, dimension, [.. numbers[false]], [.. numbers[true]]);
    }

    /// <summary>For the peers, which are other programs.</summary>
    public void WriteTo(string folder)
    {
        Write(Path.Combine(folder, "rows.f32"), Rows);
        Write(Path.Combine(folder, "queries.f32"), Queries);
        foreach (var scenario in Scenarios)
        {
            File.WriteAllBytes(Path.Combine(folder, $"{scenario.Name}.lowest"), MemoryMarshal.AsBytes(scenario.Lowest.AsSpan()));
            File.WriteAllBytes(Path.Combine(folder, $"{scenario.Name}.allowed"), [.. Enumerable.Range(0, Rows.Length).Select(row => scenario.Allowed.Contains(row) ? (byte)1 : (byte)0)]);
        }
    }

    private static void Write(string path, ReadOnlyMemory<float>[] vectors)
    {
        using var stream = File.Create(path);
        foreach (var vector in vectors)
        {
            stream.Write(MemoryMarshal.AsBytes(vector.Span));
        }
    }

    private RowSet Every(int step)
    {
        var rows = new RowSet(Rows.Length);
        var random = new Random(step);
        for (var row = 0; row < Rows.Length; row++)
        {
            if (random.Next(step) == 0)
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    private RowSet AllBut(int step)
    {
        var rows = RowSet.All(Rows.Length);
        rows.ExceptWith(Every(step));
        return rows;
    }

    private Scenario With(string name, RowSet allowed, int queryCount)
    {
        var lowest = Array.ConvertAll(Queries[..Math.Min(queryCount, Queries.Length)], query =>
        {
            var top = new TopRows(Count);
            foreach (var row in allowed)
            {
                top.Offer(row, VectorMath.Dot(Rows[row].Span, query.Span));
            }

            return top.Threshold - Rounding;
        });
        return new Scenario(name, allowed, lowest);
    }
}
