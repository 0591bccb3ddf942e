using RagPlatform.Numerics;
using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Vectors;

/// <summary>The vectors of a segment, where they lie. Immutable; any number of threads may search at once.</summary>
public sealed unsafe class VectorSegment
{
    private readonly float* _vectors;
    private readonly int _stride;

    /// <param name="sections">Must stay open as long as this is used.</param>
    /// <exception cref="InvalidDataException">The sections do not fit together.</exception>
    public VectorSegment(SegmentSections sections)
    {
        ArgumentNullException.ThrowIfNull(sections);
        var statistics = sections[SectionId.VectorStatistics].Values<VectorStatistics>();
        if (statistics is not [{ RowCount: >= 0, Dimension: > 0 }])
        {
            throw new InvalidDataException("The statistics of a segment's vectors do not hold one entry with rows and a dimension.");
        }

        (RowCount, Dimension) = (statistics[0].RowCount, statistics[0].Dimension);
        HasGraph = sections.Has(SectionId.GraphStatistics);
        _stride = VectorLayout.FloatStride(Dimension);
        _vectors = (float*)Checked(sections, SectionId.Vectors, (long)RowCount * _stride * sizeof(float));
    }

    public int RowCount { get; }

    public int Dimension { get; }

    /// <summary>Whether there is an HNSW graph; without one, every allowed row is compared.</summary>
    public bool HasGraph { get; }

    /// <summary>Valid as long as the segment's sections.</summary>
    public ReadOnlySpan<float> Vector(int row) => new(_vectors + ((long)row * _stride), Dimension);

    /// <summary>The dot product of a row with the query: the cosine, where both have unit length.</summary>
    /// <exception cref="ArgumentException">The query has another dimension.</exception>
    public float Score(int row, ReadOnlySpan<float> query) => VectorMath.Dot(Vector(row), query);

    /// <summary>Offers the allowed rows nearest to the query, as row + <paramref name="firstRow"/> and cosine, as many as <paramref name="top"/> takes.</summary>
    /// <param name="query">Unit length.</param>
    /// <param name="allowed">The rows that may be offered; null: all.</param>
    /// <param name="allowedCount">How many these are.</param>
    /// <param name="exact">Compare every allowed vector as it is; otherwise a small part of the nearest may be missed.</param>
    /// <exception cref="ArgumentException">The query has another dimension, or the rows are not this segment's.</exception>
    public void Search(ReadOnlySpan<float> query, RowSet? allowed, int allowedCount, bool exact, int firstRow, TopRows top)
    {
        ArgumentNullException.ThrowIfNull(top);
        CheckQuery(query, allowed);
        if (allowed is null)
        {
            for (var row = 0; row < RowCount; row++)
            {
                top.Offer(firstRow + row, Score(row, query));
            }

            return;
        }

        foreach (var row in allowed)
        {
            top.Offer(firstRow + row, Score(row, query));
        }
    }

    private void CheckQuery(ReadOnlySpan<float> query, RowSet? allowed)
    {
        if (query.Length != Dimension)
        {
            throw new ArgumentException($"The query has {query.Length} dimensions; the index holds vectors of {Dimension}.", nameof(query));
        }

        if (allowed is not null && allowed.Length != RowCount)
        {
            throw new ArgumentException($"The allowed rows are of a segment of {allowed.Length} rows; this one has {RowCount}.", nameof(allowed));
        }
    }

    private static byte* Checked(SegmentSections sections, SectionId id, long bytes)
    {
        var section = sections[id];
        return section.Bytes == bytes
            ? section.Pointer
            : throw new InvalidDataException($"The section {id} has {section.Bytes} bytes; by the segment's statistics it has {bytes}.");
    }
}
