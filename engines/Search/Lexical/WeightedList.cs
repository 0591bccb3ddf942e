namespace RagPlatform.Search.Lexical;

/// <summary>A posting list and what its term counts for, read forward through the rows of a segment.</summary>
internal struct WeightedList(PostingList list, float weight)
{
    private int _block;
    private int _shortFirst;
    private int _shortLast;
    private float _shortBound;

    public readonly int Count => list.Count;

    public readonly float Weight => weight;

    /// <summary>Of a short list, whose block has no entry of its own, finds out what an entry would say.</summary>
    public void Prepare(ReadOnlySpan<int> rowLengths, LengthNorm norm)
    {
        if (!list.IsShort)
        {
            return;
        }

        var postings = list.Block(0);
        (_shortFirst, _shortLast) = (postings.FirstRow, postings.LastRow);
        for (var i = 0; i < postings.Count; i++)
        {
            _shortBound = Math.Max(_shortBound, norm.Saturation(postings.FrequencyAt(i), rowLengths[postings.RowAt(i)]));
        }
    }

    /// <summary>Moves to the window of rows <paramref name="from"/> to <paramref name="to"/> - 1, which is not before the last one.</summary>
    /// <returns>The blocks that reach into it.</returns>
    public int Enter(int from, int to)
    {
        if (list.IsShort)
        {
            return _shortLast >= from && _shortFirst < to ? 1 : 0;
        }

        var blocks = list.Blocks;
        while (_block < blocks.Length && blocks[_block].LastRow < from)
        {
            _block++;
        }

        var end = _block;
        while (end < blocks.Length && blocks[end].FirstRow < to)
        {
            end++;
        }

        return end - _block;
    }

    /// <summary>What a row of the window's blocks can get at most.</summary>
    public readonly float Bound(int blocks, LengthNorm norm)
    {
        if (list.IsShort)
        {
            return weight * _shortBound;
        }

        var bound = 0f;
        foreach (ref readonly var block in list.Blocks.Slice(_block, blocks))
        {
            bound = Math.Max(bound, block.Best.Bound(norm));
        }

        return weight * bound;
    }

    /// <summary>Adds the term's worth to all rows of the window.</summary>
    public readonly void AddTo(in WindowScores window, int blocks)
    {
        for (var block = _block; block < _block + blocks; block++)
        {
            var postings = list.Block(block);
            window.Add(postings, postings.FirstRow < window.From ? postings.LowerBound(window.From) : 0, weight);
        }
    }

    /// <summary>Adds the term's worth to the candidates, offsets into the window in ascending order.</summary>
    public readonly void AddTo(in WindowScores window, int blocks, ReadOnlySpan<int> candidates)
    {
        var block = _block;
        var postings = list.Block(block);
        var last = postings.LastRow;
        foreach (var candidate in candidates)
        {
            var row = window.From + candidate;
            while (last < row)
            {
                if (++block == _block + blocks)
                {
                    return;
                }

                postings = list.Block(block);
                last = postings.LastRow;
            }

            if (postings.IndexOf(row) is var index and >= 0)
            {
                window.Add(candidate, postings.FrequencyAt(index), weight);
            }
        }
    }
}
