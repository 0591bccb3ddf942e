using System.Runtime.CompilerServices;

namespace RagPlatform.Search.Vectors.Graph;

/// <summary>
/// Searches a graph (algorithms 2 and 5 of Malkov and Yashunin). Holds what one search needs and the next can use again,
/// so that a search allocates nothing. Not synchronised: each thread has its own.
/// </summary>
internal sealed class GraphSearcher(NearGraph graph, CodeRows rows)
{
    private const int BitsPerWord = 64;
    private const int PrefetchAhead = 4;

    private readonly ulong[] _visited = new ulong[(graph.RowCount + BitsPerWord - 1) / BitsPerWord];
    private readonly int[] _fresh = new int[graph.RoomAt(level: 0)];
    private readonly KeyHeap _open = new();

    // With the bits of each key turned over, so that the worst is on top.
    private readonly KeyHeap _found = new();

    /// <summary>Rows compared by the last search of a layer.</summary>
    public long Comparisons { get; private set; }

    /// <summary>The row that is nearest to the query as far as steps to ever nearer neighbours lead, from the entry down to the level above the one asked for.</summary>
    public int Descend(CodedVector query, int toLevel)
    {
        var nearest = graph.Entry;
        var best = rows.Score(query, nearest);
        for (var level = graph.TopLevel; level > toLevel; level--)
        {
            for (var moved = true; moved;)
            {
                moved = false;
                foreach (var row in graph.LinksOf(nearest, level))
                {
                    if (row == NearGraph.None)
                    {
                        break;
                    }

                    if (rows.Score(query, row) is var score && score > best)
                    {
                        (nearest, best, moved) = (row, score, true);
                    }
                }
            }
        }

        return nearest;
    }

    /// <summary>Looks for the nearest rows of a level from an entry on; of twins, for the one that has links. What it found is then in <see cref="TakeFound"/>.</summary>
    /// <param name="width">Rows kept, and how far the search looks around; at least 1.</param>
    /// <param name="allowed">Rows that are kept, with those that have an allowed twin; the others are only passed through. Null: all.</param>
    /// <param name="maxComparisons">At which the search is given up.</param>
    /// <returns>False when it was given up.</returns>
    public bool SearchLayer(CodedVector query, int entry, int level, int width, RowSet? allowed, long maxComparisons)
    {
        Array.Clear(_visited);
        _open.Clear();
        _found.Clear();
        Comparisons = 1;
        MarkVisited(entry);
        Keep(GraphKey.Of(rows.Score(query, entry), entry), width, allowed);
        while (_open.Count > 0)
        {
            var nearest = _open.Pop();
            if (_found.Count == width && nearest < ~_found.Top)
            {
                break;
            }

            var count = TakeFresh(GraphKey.Row(nearest), level);
            Comparisons += count;
            if (Comparisons > maxComparisons)
            {
                return false;
            }

            for (var i = 0; i < count; i++)
            {
                if (i + PrefetchAhead < count)
                {
                    rows.Prefetch(_fresh[i + PrefetchAhead]);
                }

                var key = GraphKey.Of(rows.Score(query, _fresh[i]), _fresh[i]);
                if (_found.Count < width || key > ~_found.Top)
                {
                    Keep(key, width, allowed);
                }
            }
        }

        return true;
    }

    /// <summary>The keys of the last search, best first. Overwritten by the next.</summary>
    public ReadOnlySpan<ulong> TakeFound()
    {
        var keys = _found.Keys;
        keys.Sort();
        foreach (ref var key in keys)
        {
            key = ~key;
        }

        _found.Clear();
        return keys;
    }

    /// <summary>Puts the neighbours of a row that were not yet visited into the list, and tells how many.</summary>
    private int TakeFresh(int row, int level)
    {
        var count = 0;
        foreach (var neighbor in graph.LinksOf(row, level))
        {
            if (neighbor == NearGraph.None)
            {
                break;
            }

            if (MarkVisited(neighbor))
            {
                if (count < PrefetchAhead)
                {
                    rows.Prefetch(neighbor);
                }

                _fresh[count++] = neighbor;
            }
        }

        return count;
    }

    private void Keep(ulong key, int width, RowSet? allowed)
    {
        _open.Push(key);
        graph.PrefetchLinks(GraphKey.Row(key));
        if (allowed is not null && !IsAnyAllowed(GraphKey.Row(key), allowed))
        {
            return;
        }

        if (_found.Count < width)
        {
            _found.Push(~key);
        }
        else
        {
            _found.ReplaceTop(~key);
        }
    }

    private bool IsAnyAllowed(int row, RowSet allowed)
    {
        while (row != NearGraph.None && !allowed.Contains(row))
        {
            row = graph.TwinOf(row);
        }

        return row != NearGraph.None;
    }

    /// <summary>False when it was before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool MarkVisited(int row)
    {
        ref var word = ref _visited[row / BitsPerWord];
        var bit = 1UL << (row % BitsPerWord);
        var isNew = (word & bit) == 0;
        word |= bit;
        return isNew;
    }
}
