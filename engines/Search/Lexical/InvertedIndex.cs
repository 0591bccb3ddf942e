using System.Buffers;

namespace RagPlatform.Search.Lexical;

/// <summary>
/// Term → chunks, scored by BM25 term at a time. Ids are small non-negative integers of the caller's choosing and may be
/// used again after removal. Adding and removing touch only the lists of the chunk's own terms, and leave exactly what a
/// rebuild would. Not synchronised: one writer and no reader, or readers only.
/// </summary>
public sealed class InvertedIndex(Bm25 bm25)
{
    private readonly Dictionary<string, MutablePostingList> _lists = new(StringComparer.Ordinal);
    private MutablePostingList[]?[] _listsById = [];
    private int[] _lengths = [];
    private long _totalLength;

    /// <summary>Chunks.</summary>
    public int Count { get; private set; }

    /// <summary>Distinct terms.</summary>
    public int TermCount => _lists.Count;

    /// <exception cref="ArgumentException">The id is in use.</exception>
    public void Add(int id, TermCounts terms)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentNullException.ThrowIfNull(terms);
        if (id >= _lengths.Length)
        {
            var capacity = Math.Max(id + 1, Math.Max(16, _lengths.Length * 2));
            Array.Resize(ref _lengths, capacity);
            Array.Resize(ref _listsById, capacity);
        }
        if (_listsById[id] is not null)
        {
            throw new ArgumentException($"Id {id} is in use; remove it first.", nameof(id));
        }

        var lists = new MutablePostingList[terms.Count];
        var next = 0;
        foreach (var (term, frequency) in terms)
        {
            if (!_lists.TryGetValue(term, out var list))
            {
                _lists.Add(term, list = new MutablePostingList(term));
            }

            list.Add(id, frequency);
            lists[next++] = list;
        }
        _listsById[id] = lists;
        _lengths[id] = terms.Length;
        _totalLength += terms.Length;
        Count++;
    }

    /// <summary>Removes the chunks that are there; each list of theirs is passed over once however many they are.</summary>
    public void Remove(ReadOnlySpan<int> ids)
    {
        if (ids.IsEmpty)
        {
            return;
        }

        var marks = ArrayPool<bool>.Shared.Rent(_lengths.Length);
        Array.Clear(marks);
        var touched = new HashSet<MutablePostingList>();
        foreach (var id in ids)
        {
            if (id < 0 || id >= _listsById.Length || _listsById[id] is not { } lists)
            {
                continue;
            }

            marks[id] = true;
            touched.UnionWith(lists);
            _totalLength -= _lengths[id];
            _listsById[id] = null;
            Count--;
        }
        foreach (var list in touched)
        {
            list.RemoveMarked(marks);
            if (list.Count == 0)
            {
                _lists.Remove(list.Term);
            }
        }
        ArrayPool<bool>.Shared.Return(marks);
    }

    /// <summary>Scores every chunk that holds a term of the query. Dispose the result before the index changes.</summary>
    public LexicalScores Score(TermCounts query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var scores = new LexicalScores(_lengths.Length);
        var meanLength = Count == 0 ? 1 : (float)((double)_totalLength / Count);
        foreach (var (term, weight) in query)
        {
            if (_lists.TryGetValue(term, out var list))
            {
                Accumulate(list, weight * Bm25.InverseDocumentFrequency(Count, list.Count), meanLength, scores.Accumulator);
            }
        }
        return scores;
    }

    private void Accumulate(MutablePostingList list, float weight, float meanLength, Span<float> accumulator)
    {
        var ids = list.Ids;
        var frequencies = list.Frequencies;
        for (var i = 0; i < ids.Length; i++)
        {
            accumulator[ids[i]] += weight * bm25.Saturation(frequencies[i], _lengths[ids[i]], meanLength);
        }
    }
}
