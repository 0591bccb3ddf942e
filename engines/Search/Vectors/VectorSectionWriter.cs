using System.Runtime.InteropServices;
using RagPlatform.Numerics;
using RagPlatform.Search.Segments;
using RagPlatform.Search.Vectors.Graph;

namespace RagPlatform.Search.Vectors;

/// <summary>Writes the vector sections of a segment: the vectors, their codes unless they are few, and from <see cref="CollectionIndexOptions.GraphFromChunks"/> rows on their graph.</summary>
public static class VectorSectionWriter
{
    /// <param name="rows">Of unit length and of the options' dimension.</param>
    /// <exception cref="ArgumentException">A row has another dimension, or a squared length that is no finite number.</exception>
    public static void Write(
        ISectionWriter writer, IReadOnlyList<ReadOnlyMemory<float>> rows, CollectionIndexOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        for (var row = 0; row < rows.Count; row++)
        {
            Check(row, rows[row].Span, options.Dimension);
        }

        Write(writer, new VectorRows(rows.Count, options.Dimension, row => rows[row].Span), [], options, cancellationToken);
    }

    /// <summary>Joins segments: every row of the result comes from exactly one row of a source.</summary>
    /// <param name="rowCount">Of the result.</param>
    /// <exception cref="ArgumentException">The sources' new rows are not 0 to <paramref name="rowCount"/> - 1, each once, or a source has another dimension.</exception>
    public static void Merge(
        ISectionWriter writer, IReadOnlyList<VectorMergeSource> sources, int rowCount, CollectionIndexOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(options);
        var origins = VectorOrigins.Of(sources, rowCount, options.Dimension);
        var rows = new VectorRows(rowCount, options.Dimension, row => sources[origins.Source[row]].Segment.Vector(origins.Row[row]));
        Write(writer, rows, sources, options, cancellationToken);
    }

    private static void Write(
        ISectionWriter writer, VectorRows rows, IReadOnlyList<VectorMergeSource> sources, CollectionIndexOptions options, CancellationToken cancellationToken)
    {
        var hasGraph = rows.Count > 0 && rows.Count >= options.GraphFromChunks;
        using var codes = hasGraph || rows.Count >= VectorLayout.CodesFromRows ? new CodeBuffers(rows.Count, rows.Dimension) : null;
        var padded = new float[VectorLayout.FloatStride(rows.Dimension)];
        var maxNorm = 0f;
        var stream = writer.Begin(SectionId.Vectors);
        for (var row = 0; row < rows.Count; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var vector = rows.At(row);
            vector.CopyTo(padded);
            stream.Write(MemoryMarshal.AsBytes(padded.AsSpan()));
            maxNorm = MathF.Max(maxNorm, MathF.Sqrt(VectorMath.Dot(vector, vector)));
            codes?.Encode(row, vector);
        }

        writer.Write<VectorStatistics>(SectionId.VectorStatistics, [new VectorStatistics(rows.Count, rows.Dimension, codes?.MaxScale ?? 0, maxNorm)]);
        codes?.WriteTo(writer);
        if (codes is not null && hasGraph)
        {
            using var graph = GraphConstruction.Build(codes.Rows, rows.Count, sources, options, cancellationToken);
            graph.WriteTo(writer);
        }
    }

    private static void Check(int row, ReadOnlySpan<float> vector, int dimension)
    {
        if (vector.Length != dimension)
        {
            throw new ArgumentException($"The vector of row {row} has {vector.Length} dimensions; the index holds vectors of {dimension}.", nameof(vector));
        }

        if (VectorMath.Dot(vector, vector) is var squaredLength && !float.IsFinite(squaredLength))
        {
            throw new ArgumentException(FormattableString.Invariant($"The vector of row {row} has a squared length of {squaredLength}; all components must be finite numbers, and the length 1."), nameof(vector));
        }
    }
}
