namespace RagPlatform.Search;

/// <summary>An id and its score; higher is better.</summary>
public readonly record struct ScoredId(int Id, float Score);

/// <summary>
/// Keeps the best of what it is offered in a binary heap with the worst on top. Equal scores are ordered by
/// <paramref name="ties"/>, the lesser first, so that the result does not depend on the order of offers.
/// </summary>
/// <param name="capacity">At least 1.</param>
public sealed class TopK(int capacity, IComparer<int> ties)
{
    private readonly PriorityQueue<int, ScoredId> _heap = new(WorstFirst(ties));

    public void Offer(int id, float score)
    {
        var entry = new ScoredId(id, score);
        if (_heap.Count < capacity)
        {
            _heap.Enqueue(id, entry);
        }
        else if (_heap.TryPeek(out _, out var worst) && score >= worst.Score)
        {
            _heap.EnqueueDequeue(id, entry);
        }
    }

    /// <summary>Best first; the heap is empty afterwards.</summary>
    public ScoredId[] TakeSorted()
    {
        var sorted = new ScoredId[_heap.Count];
        for (var i = sorted.Length - 1; i >= 0; i--)
        {
            _heap.TryDequeue(out _, out var entry);
            sorted[i] = entry;
        }
        return sorted;
    }

    private static Comparer<ScoredId> WorstFirst(IComparer<int> ties) => Comparer<ScoredId>.Create((left, right) =>
    {
        var byScore = left.Score.CompareTo(right.Score);
        return byScore != 0 ? byScore : ties.Compare(right.Id, left.Id);
    });
}
