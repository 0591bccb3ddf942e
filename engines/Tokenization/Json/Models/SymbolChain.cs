namespace RagPlatform.Tokenization.Json.Models;

/// <summary>A word's symbols, joined pair by pair: a linked list and a queue of the pairs that can join, lowest rank and leftmost first.</summary>
internal sealed class SymbolChain(int capacity)
{
    private const int None = -1;

    private readonly List<Symbol> _symbols = new(capacity);
    private int _skipped;

    public void Add(int id, int length)
    {
        var at = _symbols.Count;
        _symbols.Add(new Symbol(id, length + _skipped, at - 1, None));
        _skipped = 0;
        if (at > 0)
        {
            _symbols[at - 1] = _symbols[at - 1] with { Next = at };
        }
    }

    public void ExtendLast(int length) => _symbols[^1] = _symbols[^1] with { Length = _symbols[^1].Length + length };

    /// <summary>Characters that become no symbol; they are counted to their neighbour.</summary>
    public void Skip(int length)
    {
        if (_symbols.Count > 0)
        {
            ExtendLast(length);
        }
        else
        {
            _skipped += length;
        }
    }

    public void Merge(MergeTable merges)
    {
        var queue = new PriorityQueue<Pair, (int Rank, int Left)>();
        for (var left = 0; left + 1 < _symbols.Count; left++)
        {
            Enqueue(left);
        }

        while (queue.TryDequeue(out var pair, out _))
        {
            var left = _symbols[pair.Left];
            // One of the two has joined another in the meantime.
            if (left.Length < 0 || left.Id != pair.LeftId || left.Next == None || _symbols[left.Next].Id != pair.RightId)
            {
                continue;
            }

            var right = _symbols[left.Next];
            _symbols[left.Next] = right with { Length = -1 };
            _symbols[pair.Left] = left with { Id = pair.Id, Length = left.Length + right.Length, Next = right.Next };
            if (right.Next != None)
            {
                _symbols[right.Next] = _symbols[right.Next] with { Previous = pair.Left };
                Enqueue(pair.Left);
            }

            if (left.Previous != None)
            {
                Enqueue(left.Previous);
            }
        }

        void Enqueue(int left)
        {
            var (leftId, rightId) = (_symbols[left].Id, _symbols[_symbols[left].Next].Id);
            if (merges.TryGet(leftId, rightId, out var merge))
            {
                queue.Enqueue(new Pair(left, leftId, rightId, merge.Id), (merge.Rank, left));
            }
        }
    }

    /// <summary>Ids and how many UTF-16 units each stands for. A symbol of none shares those of the one that ends its character.</summary>
    public (int Id, int Length)[] ToPieces() => [.. _symbols.Where(symbol => symbol.Length >= 0).Select(symbol => (symbol.Id, symbol.Length))];

    /// <param name="Length">In UTF-16 units; negative once it has joined the symbol before it.</param>
    private readonly record struct Symbol(int Id, int Length, int Previous, int Next);

    private readonly record struct Pair(int Left, int LeftId, int RightId, int Id);
}
