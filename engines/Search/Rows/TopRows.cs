namespace RagPlatform.Search;

/// <summary>A row, counted over all segments of a search, and its score; higher is better.</summary>
public readonly record struct ScoredRow(int Row, float Score);

/// <summary>Keeps the best rows of what it is offered; of equal scores, the lower rows. Not synchronised.</summary>
public sealed class TopRows
{
    // A binary heap with the worst on top.
    private readonly ScoredRow[] _heap;

    /// <param name="capacity">At least 1.</param>
    public TopRows(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _heap = new ScoredRow[capacity];
    }

    public int Count { get; private set; }

    public int Capacity => _heap.Length;

    /// <summary>What a row must exceed to change anything; negative infinity until there are as many rows as wanted.</summary>
    public float Threshold => Count < _heap.Length ? float.NegativeInfinity : _heap[0].Score;

    public void Offer(int row, float score)
    {
        var entry = new ScoredRow(row, score);
        if (Count < _heap.Length)
        {
            SiftUp(Count++, entry);
        }
        else if (IsWorse(_heap[0], entry))
        {
            SiftDown(entry, Count);
        }
    }

    /// <summary>Best first; the heap is empty afterwards.</summary>
    public ScoredRow[] TakeSorted()
    {
        var sorted = new ScoredRow[Count];
        while (Count > 0)
        {
            sorted[--Count] = _heap[0];
            if (Count > 0)
            {
                SiftDown(_heap[Count], Count);
            }
        }

        return sorted;
    }

    private static bool IsWorse(ScoredRow left, ScoredRow right) =>
        left.Score < right.Score || (left.Score == right.Score && left.Row > right.Row);

    private void SiftUp(int at, ScoredRow entry)
    {
        while (at > 0 && (at - 1) / 2 is var parent && IsWorse(entry, _heap[parent]))
        {
            _heap[at] = _heap[parent];
            at = parent;
        }

        _heap[at] = entry;
    }

    private void SiftDown(ScoredRow entry, int count)
    {
        var at = 0;
        for (var child = 1; child < count; child = (2 * at) + 1)
        {
            if (child + 1 < count && IsWorse(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!IsWorse(_heap[child], entry))
            {
                break;
            }

            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = entry;
    }
}
