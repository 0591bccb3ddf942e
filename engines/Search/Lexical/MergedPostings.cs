namespace RagPlatform.Search.Lexical;

/// <summary>The postings of several segments under new row numbers: their sorted dictionaries read side by side.</summary>
internal sealed class MergedPostings : IPostingsSource
{
    private readonly IReadOnlyList<LexicalMergeSource> _sources;

    /// <exception cref="ArgumentException">A new row is named twice, is out of range or is missing.</exception>
    public MergedPostings(IReadOnlyList<LexicalMergeSource> sources, int rowCount)
    {
        _sources = sources;
        RowLengths = new int[rowCount];
        RowLengths.AsSpan().Fill(-1);
        foreach (var (segment, newRows) in sources)
        {
            if (newRows.Length != segment.RowCount)
            {
                throw new ArgumentException($"{newRows.Length} new rows are given for a segment of {segment.RowCount}.", nameof(sources));
            }

            for (var row = 0; row < newRows.Length; row++)
            {
                if (newRows[row] >= 0)
                {
                    TakeRow(newRows[row], segment.LengthOf(row));
                }
            }
        }

        if (RowLengths.AsSpan().IndexOf(-1) is var missing and >= 0)
        {
            throw new ArgumentException($"No source has row {missing} of the {rowCount} new ones.", nameof(sources));
        }
    }

    public int[] RowLengths { get; }

    public IEnumerable<TermPostings> ReadTerms()
    {
        var heads = new PriorityQueue<Head, Head>(_sources.Count, Comparer<Head>.Create(Compare));
        for (var source = 0; source < _sources.Count; source++)
        {
            Advance(heads, new Head(source, Term: 0));
        }

        var gathered = new TermPostings();
        var sorted = new TermPostings();
        var positions = new List<int>();
        while (heads.TryPeek(out var first, out _))
        {
            var term = _sources[first.Source].Segment.TermAt(first.Term).ToArray();
            gathered.Begin(term);
            while (heads.TryPeek(out var head, out _) && _sources[head.Source].Segment.TermAt(head.Term).SequenceEqual(term))
            {
                heads.Dequeue();
                Gather(head, gathered, positions);
                Advance(heads, head with { Term = head.Term + 1 });
            }

            if (gathered.Count > 0)
            {
                yield return InOrder(gathered, sorted);
            }
        }
    }

    private void TakeRow(int row, int length)
    {
        if (row >= RowLengths.Length || RowLengths[row] >= 0)
        {
            throw new ArgumentException($"New row {row} is given twice or is not below {RowLengths.Length}.", nameof(row));
        }

        RowLengths[row] = length;
    }

    private void Advance(PriorityQueue<Head, Head> heads, Head head)
    {
        if (head.Term < _sources[head.Source].Segment.TermCount)
        {
            heads.Enqueue(head, head);
        }
    }

    private int Compare(Head left, Head right)
    {
        var byTerm = _sources[left.Source].Segment.TermAt(left.Term).SequenceCompareTo(_sources[right.Source].Segment.TermAt(right.Term));
        return byTerm != 0 ? byTerm : left.Source.CompareTo(right.Source);
    }

    private void Gather(Head head, TermPostings gathered, List<int> positions)
    {
        var (segment, newRows) = _sources[head.Source];
        var list = segment.ListAt(head.Term);
        for (var block = 0; block < list.BlockCount; block++)
        {
            var postings = list.Block(block);
            var bytes = list.PositionsOfBlock(block);
            for (var i = 0; i < postings.Count; i++)
            {
                var row = newRows[postings.RowAt(i)];
                if (row < 0)
                {
                    PositionCoding.Skip(ref bytes);
                    continue;
                }

                PositionCoding.Read(ref bytes, positions);
                gathered.Add(row, postings.FrequencyAt(i), System.Runtime.InteropServices.CollectionsMarshal.AsSpan(positions));
            }
        }
    }

    /// <summary>Sources whose rows do not follow one another leave the postings out of order.</summary>
    private static TermPostings InOrder(TermPostings gathered, TermPostings sorted)
    {
        var ascending = true;
        for (var i = 1; i < gathered.Count && ascending; i++)
        {
            ascending = gathered.Rows[i - 1] < gathered.Rows[i];
        }

        if (ascending)
        {
            return gathered;
        }

        var order = new int[gathered.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(gathered.Rows.ToArray(), order);
        sorted.Begin(gathered.Term);
        foreach (var posting in order)
        {
            sorted.Add(gathered.Rows[posting], gathered.Frequencies[posting], gathered.PositionsOf(posting));
        }

        return sorted;
    }

    /// <summary>A source's next term.</summary>
    private readonly record struct Head(int Source, int Term);
}
