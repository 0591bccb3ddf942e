using RagPlatform.Tokenization.WordPiece;

namespace RagPlatform.Tokenization.Json.Models;

/// <summary>A word's symbols, joined pair by pair, lowest rank and leftmost first. A symbol is where it stands in the word, in UTF-16 units.</summary>
internal sealed class SymbolChain(int capacity)
{
    private const int None = -1;

    /// <summary>Up to here looking at all pairs again and again is quicker than a queue of them.</summary>
    private const int MaxScannedSymbols = 24;

    private readonly List<Piece> _symbols = new(capacity);
    private int _skippedFrom = None;

    public void Add(int id, int start, int end)
    {
        _symbols.Add(new Piece(id, _skippedFrom == None ? start : _skippedFrom, end));
        _skippedFrom = None;
    }

    public void ExtendLast(int end) => _symbols[^1] = _symbols[^1] with { End = end };

    /// <summary>Characters that become no symbol; they are counted to their neighbour.</summary>
    public void Skip(int start, int end)
    {
        if (_symbols.Count > 0)
        {
            ExtendLast(end);
        }
        else if (_skippedFrom == None)
        {
            _skippedFrom = start;
        }
    }

    /// <param name="pieces">Takes what the symbols have become.</param>
    public void Merge(MergeTable merges, List<Piece> pieces)
    {
        if (_symbols.Count <= MaxScannedSymbols)
        {
            Scan(merges);
            pieces.AddRange(_symbols);
        }
        else
        {
            JoinInOrder(merges, pieces);
        }
    }

    /// <summary>O(n²).</summary>
    private void Scan(MergeTable merges)
    {
        Span<(int Rank, int Id)> joins = stackalloc (int, int)[MaxScannedSymbols];
        for (var left = 0; left + 1 < _symbols.Count; left++)
        {
            joins[left] = Join(left);
        }

        while (true)
        {
            var best = None;
            for (var left = 0; left + 1 < _symbols.Count; left++)
            {
                best = joins[left].Rank < (best == None ? int.MaxValue : joins[best].Rank) ? left : best;
            }

            if (best == None)
            {
                return;
            }

            _symbols[best] = new Piece(joins[best].Id, _symbols[best].Start, _symbols[best + 1].End);
            _symbols.RemoveAt(best + 1);
            joins[(best + 2)..].CopyTo(joins[(best + 1)..]);
            if (best > 0)
            {
                joins[best - 1] = Join(best - 1);
            }

            if (best + 1 < _symbols.Count)
            {
                joins[best] = Join(best);
            }
        }

        (int Rank, int Id) Join(int left) =>
            merges.TryGet(_symbols[left].Id, _symbols[left + 1].Id, out var merge) ? merge : (int.MaxValue, 0);
    }

    /// <summary>O(n log n): a linked list and a queue of the pairs that can join.</summary>
    private void JoinInOrder(MergeTable merges, List<Piece> pieces)
    {
        var links = new (int Previous, int Next)[_symbols.Count];
        var queue = new PriorityQueue<Pair, (int Rank, int Left)>();
        for (var i = 0; i < links.Length; i++)
        {
            links[i] = (i - 1, i + 1 < links.Length ? i + 1 : None);
        }

        for (var left = 0; left + 1 < links.Length; left++)
        {
            Enqueue(left);
        }

        while (queue.TryDequeue(out var pair, out _))
        {
            var right = links[pair.Left].Next;
            // One of the two has joined another in the meantime.
            if (right == None || _symbols[pair.Left].Id != pair.LeftId || _symbols[right].Id != pair.RightId)
            {
                continue;
            }

            _symbols[pair.Left] = new Piece(pair.Id, _symbols[pair.Left].Start, _symbols[right].End);
            _symbols[right] = _symbols[right] with { Id = None };
            links[pair.Left].Next = links[right].Next;
            links[right].Next = None;
            if (links[pair.Left].Next is not None and var next)
            {
                links[next].Previous = pair.Left;
                Enqueue(pair.Left);
            }

            if (links[pair.Left].Previous is not None and var previous)
            {
                Enqueue(previous);
            }
        }

        pieces.AddRange(_symbols.Where(symbol => symbol.Id != None));

        void Enqueue(int left)
        {
            var (leftId, rightId) = (_symbols[left].Id, _symbols[links[left].Next].Id);
            if (merges.TryGet(leftId, rightId, out var merge))
            {
                queue.Enqueue(new Pair(left, leftId, rightId, merge.Id), (merge.Rank, left));
            }
        }
    }

    private readonly record struct Pair(int Left, int LeftId, int RightId, int Id);
}
