namespace RagPlatform.Search.Lexical;

/// <summary>The chunks that hold one term, in the order they came, and how often each holds it.</summary>
internal sealed class MutablePostingList(string term)
{
    private int[] _ids = new int[1];
    private int[] _frequencies = new int[1];

    public string Term => term;

    public int Count { get; private set; }

    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    public ReadOnlySpan<int> Frequencies => _frequencies.AsSpan(0, Count);

    public void Add(int id, int frequency)
    {
        if (Count == _ids.Length)
        {
            Array.Resize(ref _ids, Count * 2);
            Array.Resize(ref _frequencies, Count * 2);
        }
        _ids[Count] = id;
        _frequencies[Count++] = frequency;
    }

    /// <summary>Removes every id that is marked, in one pass.</summary>
    public void RemoveMarked(ReadOnlySpan<bool> marks)
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (marks[_ids[i]])
            {
                continue;
            }

            _ids[kept] = _ids[i];
            _frequencies[kept++] = _frequencies[i];
        }
        Count = kept;
    }
}
