namespace RagPlatform.Tokenization.Json.Models;

/// <summary>Which two symbols join to which, and how early that was learned.</summary>
internal sealed class MergeTable(int capacity)
{
    private readonly Dictionary<long, (int Rank, int Id)> _merges = new(capacity);

    private readonly HashSet<int> _joined = [];

    public int Count => _merges.Count;

    /// <summary>All that merges make.</summary>
    public IEnumerable<int> Made => _merges.Values.Select(merge => merge.Id);

    /// <summary>The first one counts, should a pair be there twice.</summary>
    public void Add(int left, int right, int id)
    {
        _merges.TryAdd(Key(left, right), (_merges.Count, id));
        _joined.Add(left);
        _joined.Add(right);
    }

    /// <summary>The symbol joins with some other.</summary>
    public bool Joins(int id) => _joined.Contains(id);

    public bool TryGet(int left, int right, out (int Rank, int Id) merge) => _merges.TryGetValue(Key(left, right), out merge);

    private static long Key(int left, int right) => ((long)left << 32) | (uint)right;
}
