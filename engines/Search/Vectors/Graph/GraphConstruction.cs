namespace RagPlatform.Search.Vectors.Graph;

/// <summary>Makes the graph of a segment that is being written: from the largest graph among its sources where that is worth it, else from nothing.</summary>
internal static class GraphConstruction
{
    // Mending around more than that costs as much as linking anew, and leaves a worse graph.
    private const double MaxDroppedShare = 0.25;

    /// <param name="codes">Of the new segment.</param>
    /// <exception cref="OperationCanceledException">Cancelled; it is looked at with every row.</exception>
    public static GraphBuffers Build(
        CodeRows codes, int rowCount, IReadOnlyList<VectorMergeSource> sources, CollectionIndexOptions options, CancellationToken cancellationToken)
    {
        var inherited = Largest(sources, options.GraphLinks) is { Segment.Graph: { } graph } largest ? new GraphInheritance(graph, largest.NewRows) : null;
        var levels = new byte[rowCount];
        for (var row = 0; row < rowCount; row++)
        {
            levels[row] = GraphLevels.Of(row, options.GraphLinks);
        }

        inherited?.SetLevels(levels);
        var buffers = new GraphBuffers(levels, options.GraphLinks);
        try
        {
            var builder = new GraphBuilder(buffers, codes, options.GraphConstructionCandidates);
            var isLinked = inherited?.LinkInto(buffers, builder, codes, cancellationToken);
            for (var row = 0; row < rowCount; row++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (isLinked is null || !isLinked.Contains(row))
                {
                    builder.Add(row);
                }
            }

            return buffers;
        }
        catch
        {
            buffers.Dispose();
            throw;
        }
    }

    private static VectorMergeSource? Largest(IReadOnlyList<VectorMergeSource> sources, int links) => sources
        .Where(source => source.Segment.Graph?.Links == links
            && source.NewRows.Count(row => row < 0) <= MaxDroppedShare * source.NewRows.Length
            && source.NewRows.Any(row => row >= 0))
        .MaxBy(source => source.Segment.RowCount);
}
