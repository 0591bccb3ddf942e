namespace RagPlatform.Search.InMemory;

/// <summary>Gives chunks the small ids that the indexes work with, and takes them back. Orders ids by chunk id.</summary>
internal sealed class ChunkTable<TPayload> : IComparer<int>
{
    private readonly Dictionary<string, int[]> _idsByDocument = new(StringComparer.Ordinal);
    private readonly List<Row> _rows = [];
    private readonly Stack<int> _free = new();

    public int DocumentCount => _idsByDocument.Count;

    public Row this[int id] => _rows[id];

    public bool Contains(string documentId) => _idsByDocument.ContainsKey(documentId);

    /// <summary>The new ids, in the order of the chunks.</summary>
    public int[] Add(string documentId, IReadOnlyList<IndexEntry<TPayload>> chunks)
    {
        var ids = new int[chunks.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            var row = new Row(chunks[i].ChunkId, chunks[i].Payload);
            if (_free.TryPop(out ids[i]))
            {
                _rows[ids[i]] = row;
            }
            else
            {
                ids[i] = _rows.Count;
                _rows.Add(row);
            }
        }
        _idsByDocument.Add(documentId, ids);
        return ids;
    }

    /// <summary>The ids that the document had, free to be given again.</summary>
    public int[] Remove(string documentId)
    {
        if (!_idsByDocument.Remove(documentId, out var ids))
        {
            return [];
        }

        foreach (var id in ids)
        {
            _rows[id] = default;
            _free.Push(id);
        }
        return ids;
    }

    public int Compare(int x, int y) => string.CompareOrdinal(_rows[x].ChunkId, _rows[y].ChunkId);

    internal readonly record struct Row(string ChunkId, TPayload Payload);
}
