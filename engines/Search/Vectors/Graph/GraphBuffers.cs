using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Vectors.Graph;

/// <summary>The memory of a graph that is being built, and the scores of its links beside them.</summary>
internal sealed unsafe class GraphBuffers : IDisposable
{
    private readonly NativeBuffer<byte> _levels;
    private readonly NativeBuffer<int> _lowest;
    private readonly NativeBuffer<int> _upperOffsets;
    private readonly NativeBuffer<int> _upper;
    private readonly NativeBuffer<int> _twins;
    private readonly NativeBuffer<float> _lowestScores;
    private readonly NativeBuffer<float> _upperScores;

    /// <param name="levels">By row.</param>
    public GraphBuffers(ReadOnlySpan<byte> levels, int links)
    {
        _levels = new(levels.Length);
        _upperOffsets = new(levels.Length);
        var lists = 0;
        for (var row = 0; row < levels.Length; row++)
        {
            _levels.Pointer[row] = levels[row];
            _upperOffsets.Pointer[row] = lists;
            lists += levels[row];
        }

        _lowest = new((long)levels.Length * 2 * links);
        _upper = new((long)lists * links);
        _twins = new(levels.Length);
        _lowestScores = new(_lowest.Length);
        _upperScores = new(_upper.Length);
        foreach (var rows in (NativeBuffer<int>[])[_lowest, _upper, _twins])
        {
            for (long i = 0; i < rows.Length; i++)
            {
                rows.Pointer[i] = NearGraph.None;
            }
        }

        Graph = new NearGraph(
            levels.Length, links, new GraphPointers(_levels.Pointer, _lowest.Pointer, _upperOffsets.Pointer, _upper.Pointer, _twins.Pointer));
    }

    public NearGraph Graph { get; }

    /// <summary>In the order of the row's links.</summary>
    public Span<float> ScoresOf(int row, int level) => level == 0
        ? new Span<float>(_lowestScores.Pointer + ((long)row * 2 * Graph.Links), 2 * Graph.Links)
        : new Span<float>(_upperScores.Pointer + Graph.OffsetOf(row, level), Graph.Links);

    public void WriteTo(ISectionWriter writer)
    {
        writer.Write<GraphStatistics>(SectionId.GraphStatistics, [new GraphStatistics(Graph.Links, Graph.Entry)]);
        _levels.WriteTo(writer.Begin(SectionId.GraphLevels));
        _lowest.WriteTo(writer.Begin(SectionId.GraphLinks));
        _upperOffsets.WriteTo(writer.Begin(SectionId.GraphUpperOffsets));
        _upper.WriteTo(writer.Begin(SectionId.GraphUpperLinks));
        _twins.WriteTo(writer.Begin(SectionId.GraphTwins));
    }

    public void Dispose()
    {
        _levels.Dispose();
        _lowest.Dispose();
        _upperOffsets.Dispose();
        _upper.Dispose();
        _twins.Dispose();
        _lowestScores.Dispose();
        _upperScores.Dispose();
    }
}
