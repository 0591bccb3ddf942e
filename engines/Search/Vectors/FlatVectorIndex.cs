using RagPlatform.Numerics;

namespace RagPlatform.Search.Vectors;

/// <summary>
/// Exact search: every vector is compared with the query. Rows are dense (removal moves the last row into the gap) and
/// live in fixed blocks, so that growing copies nothing. Ids are small non-negative integers of the caller's choosing.
/// Not synchronised: one writer and no reader, or readers only.
/// </summary>
/// <param name="dimension">Of every vector, at least 1.</param>
public sealed class FlatVectorIndex(int dimension)
{
    private const int RowsPerBlock = 1024;
    private const int NoRow = -1;

    private readonly List<float[]> _blocks = [];
    private readonly List<int> _idByRow = [];
    private int[] _rowById = [];

    public int Dimension => dimension;

    public int Count => _idByRow.Count;

    /// <exception cref="ArgumentException">The vector has another dimension, or the id is in use.</exception>
    public void Add(int id, ReadOnlySpan<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        CheckDimension(vector);
        if (RowOf(id) != NoRow)
        {
            throw new ArgumentException($"Id {id} is in use; remove it first.", nameof(id));
        }

        if (id >= _rowById.Length)
        {
            var used = _rowById.Length;
            Array.Resize(ref _rowById, Math.Max(id + 1, Math.Max(16, used * 2)));
            _rowById.AsSpan(used).Fill(NoRow);
        }
        var row = Count;
        if (row == _blocks.Count * RowsPerBlock)
        {
            _blocks.Add(new float[RowsPerBlock * dimension]);
        }

        vector.CopyTo(Row(row));
        _idByRow.Add(id);
        _rowById[id] = row;
    }

    /// <summary>False if the id is not there.</summary>
    public bool Remove(int id)
    {
        var row = RowOf(id);
        if (row == NoRow)
        {
            return false;
        }

        var last = Count - 1;
        if (row != last)
        {
            Row(last).CopyTo(Row(row));
            _idByRow[row] = _idByRow[last];
            _rowById[_idByRow[row]] = row;
        }
        _idByRow.RemoveAt(last);
        _rowById[id] = NoRow;
        if (last == (_blocks.Count - 1) * RowsPerBlock)
        {
            _blocks.RemoveAt(_blocks.Count - 1);
        }

        return true;
    }

    /// <summary>The dot product of one stored vector with the query: the cosine, where both have unit length.</summary>
    /// <exception cref="ArgumentException">The id is not there, or the query has another dimension.</exception>
    public float Score(int id, ReadOnlySpan<float> query)
    {
        CheckDimension(query);
        var row = RowOf(id);
        return row == NoRow
            ? throw new ArgumentException($"Id {id} is not in the index.", nameof(id))
            : VectorMath.Dot(Row(row), query);
    }

    /// <summary>Offers every stored vector's dot product with the query.</summary>
    public void CollectInto(TopK top, ReadOnlySpan<float> query)
    {
        ArgumentNullException.ThrowIfNull(top);
        CheckDimension(query);
        for (var row = 0; row < Count; row++)
        {
            top.Offer(_idByRow[row], VectorMath.Dot(Row(row), query));
        }
    }

    private int RowOf(int id) => id >= 0 && id < _rowById.Length ? _rowById[id] : NoRow;

    private Span<float> Row(int row) => _blocks[row / RowsPerBlock].AsSpan(row % RowsPerBlock * dimension, dimension);

    private void CheckDimension(ReadOnlySpan<float> vector)
    {
        if (vector.Length != dimension)
        {
            throw new ArgumentException($"The vector has {vector.Length} dimensions; the index holds vectors of {dimension}.", nameof(vector));
        }
    }
}
