using RagPlatform.Numerics;
using RagPlatform.Search.Segments;
using RagPlatform.Search.Vectors.Graph;

namespace RagPlatform.Search.Vectors;

/// <summary>The vectors of a segment, where they lie. Immutable; any number of threads may search at once.</summary>
public sealed unsafe class VectorSegment
{
    private readonly float* _vectors;
    private readonly int _stride;
    private readonly VectorStatistics _statistics;
    private readonly CodeRows? _codes;
    private readonly GraphSearchers? _searchers;

    /// <param name="sections">Must stay open as long as this is used.</param>
    /// <exception cref="InvalidDataException">The sections do not fit together.</exception>
    public VectorSegment(SegmentSections sections)
    {
        ArgumentNullException.ThrowIfNull(sections);
        if (sections[SectionId.VectorStatistics].Values<VectorStatistics>() is not [{ RowCount: >= 0, Dimension: > 0 } statistics])
        {
            throw new InvalidDataException("The statistics of a segment's vectors do not hold one entry with rows and a dimension.");
        }

        _statistics = statistics;
        _stride = VectorLayout.FloatStride(Dimension);
        _vectors = (float*)sections.Checked(SectionId.Vectors, (long)RowCount * _stride * sizeof(float));
        if (sections.Has(SectionId.VectorCodes))
        {
            var stride = VectorLayout.CodeStride(Dimension);
            _codes = new CodeRows(
                (sbyte*)sections.Checked(SectionId.VectorCodes, (long)RowCount * stride),
                (float*)sections.Checked(SectionId.VectorCodeScales, (long)RowCount * sizeof(float)),
                stride);
        }

        if (_codes is { } codes && sections.Has(SectionId.GraphStatistics))
        {
            Graph = GraphSections.Open(sections, RowCount);
            _searchers = new GraphSearchers(Graph, codes);
        }
    }

    public int RowCount => _statistics.RowCount;

    public int Dimension => _statistics.Dimension;

    /// <summary>Whether there is an HNSW graph; without one, every allowed row is compared.</summary>
    public bool HasGraph => Graph is not null;

    internal NearGraph? Graph { get; }

    /// <summary>Valid as long as the segment's sections.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<float> Vector(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)RowCount, nameof(row));
        return new(_vectors + ((long)row * _stride), Dimension);
    }

    /// <summary>The dot product of a row with the query: the cosine, where both have unit length.</summary>
    /// <exception cref="ArgumentException">The query has another dimension.</exception>
    public float Score(int row, ReadOnlySpan<float> query) => VectorMath.Dot(Vector(row), query);

    internal void Prefetch(int row) => Numerics.Prefetch.Read(_vectors + ((long)row * _stride), _stride * sizeof(float));

    /// <summary>Offers the allowed rows nearest to the query, as row + <paramref name="firstRow"/> and cosine, as many as <paramref name="top"/> takes.</summary>
    /// <param name="query">Unit length.</param>
    /// <param name="allowed">The rows that may be offered; null: all.</param>
    /// <param name="allowedCount">How many these are.</param>
    /// <param name="exact">Compare every allowed vector as it is; otherwise a small part of the nearest may be missed.</param>
    /// <returns>Whether they were found through the graph.</returns>
    /// <exception cref="ArgumentException">The query has another dimension, or the rows are not this segment's.</exception>
    public bool Search(ReadOnlySpan<float> query, RowSet? allowed, int allowedCount, bool exact, int firstRow, TopRows top)
    {
        ArgumentNullException.ThrowIfNull(top);
        if (exact || _codes is null)
        {
            Check(query, allowed);
            Scan(query, allowed, firstRow, top);
            return false;
        }

        var plan = SearchPlan.For(RowCount, allowedCount, top.Capacity);
        if (HasGraph && plan.UsesGraph && SearchGraph(query, allowed, plan, Math.Min(allowedCount, top.Capacity), firstRow, top))
        {
            return true;
        }

        ScanCodes(query, allowed, firstRow, top);
        return false;
    }

    /// <summary>As <see cref="Search"/>, through the graph whatever it costs.</summary>
    /// <param name="width">Nearest rows that the search keeps while it looks on (ef in the literature), equal ones counted once; at least 1.</param>
    /// <exception cref="InvalidOperationException">There is no graph.</exception>
    public void SearchGraph(ReadOnlySpan<float> query, RowSet? allowed, int width, int firstRow, TopRows top)
    {
        ArgumentNullException.ThrowIfNull(top);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        SearchGraph(query, allowed, new SearchPlan(UsesGraph: true, width, MaxComparisons: long.MaxValue), wanted: 0, firstRow, top);
    }

    /// <returns>False, and nothing was offered, when it took too long or fewer rows than wanted could be reached.</returns>
    private bool SearchGraph(ReadOnlySpan<float> query, RowSet? allowed, SearchPlan plan, int wanted, int firstRow, TopRows top)
    {
        Check(query, allowed);
        if (_searchers is null || Graph is not { } graph || _codes is not { } codes)
        {
            throw new InvalidOperationException("The segment has no graph; it has too few rows.");
        }

        Span<sbyte> queryCodes = stackalloc sbyte[codes.Stride];
        var coded = new CodedVector(queryCodes, ScalarQuantization.Encode(query, queryCodes));
        var searcher = _searchers.Rent();
        try
        {
            if (!searcher.SearchLayer(coded, searcher.Descend(coded, toLevel: 0), level: 0, plan.Width, allowed, plan.MaxComparisons))
            {
                return false;
            }

            var found = searcher.TakeFound();
            if (found.Length < Math.Min(wanted, plan.Width) && graph.CountRows(found, allowed) < wanted)
            {
                return false;
            }

            new CodeScan(this, codes, query, coded, Margin(query, coded), firstRow, top).OfferFound(found, graph, allowed);
            return true;
        }
        finally
        {
            _searchers.Return(searcher);
        }
    }

    private void Scan(ReadOnlySpan<float> query, RowSet? allowed, int firstRow, TopRows top)
    {
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

    private void ScanCodes(ReadOnlySpan<float> query, RowSet? allowed, int firstRow, TopRows top)
    {
        Check(query, allowed);
        var codes = _codes.GetValueOrDefault();
        Span<sbyte> queryCodes = stackalloc sbyte[codes.Stride];
        var coded = new CodedVector(queryCodes, ScalarQuantization.Encode(query, queryCodes));
        var scan = new CodeScan(this, codes, query, coded, Margin(query, coded), firstRow, top);
        if (allowed is null)
        {
            scan.OfferAll();
        }
        else
        {
            scan.Offer(allowed);
        }
    }

    private float Margin(ReadOnlySpan<float> query, CodedVector coded) =>
        ScalarQuantization.ScoreMargin(coded.Scale, MathF.Sqrt(VectorMath.Dot(query, query)), _statistics.MaxCodeScale, _statistics.MaxNorm);

    private void Check(ReadOnlySpan<float> query, RowSet? allowed)
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
}
