namespace RagPlatform.Search.Vectors.Graph;

/// <summary>A binary heap with the highest key on top. Grows as needed and keeps what it has grown to.</summary>
internal sealed class KeyHeap
{
    private ulong[] _keys = new ulong[256];

    public int Count { get; private set; }

    /// <summary>There must be one.</summary>
    public ulong Top => _keys[0];

    /// <summary>In no order.</summary>
    public Span<ulong> Keys => _keys.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Push(ulong key)
    {
        if (Count == _keys.Length)
        {
            Array.Resize(ref _keys, Count * 2);
        }

        var keys = _keys;
        var at = Count++;
        while (at > 0 && (at - 1) / 2 is var parent && keys[parent] < key)
        {
            keys[at] = keys[parent];
            at = parent;
        }

        keys[at] = key;
    }

    public ulong Pop()
    {
        var top = _keys[0];
        Count--;
        if (Count > 0)
        {
            SiftDown(_keys[Count]);
        }

        return top;
    }

    public void ReplaceTop(ulong key) => SiftDown(key);

    private void SiftDown(ulong key)
    {
        var keys = _keys.AsSpan(0, Count);
        var at = 0;
        for (var child = 1; child < keys.Length; child = (2 * at) + 1)
        {
            if (child + 1 < keys.Length && keys[child + 1] > keys[child])
            {
                child++;
            }

            if (keys[child] <= key)
            {
                break;
            }

            keys[at] = keys[child];
            at = child;
        }

        keys[at] = key;
    }
}
