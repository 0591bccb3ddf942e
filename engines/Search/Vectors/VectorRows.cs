namespace RagPlatform.Search.Vectors;

internal delegate ReadOnlySpan<float> VectorAt(int row);

/// <summary>The vectors that a segment is written from, wherever they lie.</summary>
internal sealed record VectorRows(int Count, int Dimension, VectorAt At);

/// <summary>Where each row of a merged segment comes from.</summary>
/// <param name="Source">By new row, the number of the source.</param>
/// <param name="Row">By new row, the row in that source.</param>
internal sealed record VectorOrigins(int[] Source, int[] Row)
{
    /// <exception cref="ArgumentException">The new rows are not 0 to <paramref name="rowCount"/> - 1, each once, or a source does not fit.</exception>
    public static VectorOrigins Of(IReadOnlyList<VectorMergeSource> sources, int rowCount, int dimension)
    {
        var origins = new VectorOrigins(new int[rowCount], new int[rowCount]);
        origins.Source.AsSpan().Fill(-1);
        var filled = 0;
        for (var source = 0; source < sources.Count; source++)
        {
            var (segment, newRows) = sources[source];
            if (segment.Dimension != dimension || segment.RowCount != newRows.Length)
            {
                throw new ArgumentException(
                    $"Source {source} has {segment.RowCount} rows of dimension {segment.Dimension}, and {newRows.Length} new rows of dimension {dimension} are given for it.", nameof(sources));
            }

            for (var row = 0; row < newRows.Length; row++)
            {
                if (newRows[row] is var to && to >= 0)
                {
                    if (to >= rowCount || origins.Source[to] >= 0)
                    {
                        throw new ArgumentException($"Row {row} of source {source} goes to row {to} of {rowCount}, which does not exist or is taken.", nameof(sources));
                    }

                    (origins.Source[to], origins.Row[to]) = (source, row);
                    filled++;
                }
            }
        }

        return filled == rowCount ? origins : throw new ArgumentException($"The sources fill {filled} of {rowCount} rows.", nameof(sources));
    }
}
