namespace RagPlatform.Search.Lexical;

/// <summary>The rows of a segment that hold what a condition names.</summary>
internal static class ConditionRows
{
    /// <param name="among">Others need not be looked at.</param>
    public static RowSet Of(BoundCondition condition, int segmentIndex, LexicalSegment segment, RowSet among)
    {
        var rows = new RowSet(segment.RowCount);
        if (condition.IsPhrase)
        {
            AddPhrase(condition.Terms, segmentIndex, segment, among, rows);
            return rows;
        }

        foreach (var (numbers, _) in condition.Terms)
        {
            if (numbers[segmentIndex] < 0)
            {
                continue;
            }

            var list = segment.ListAt(numbers[segmentIndex]);
            for (var block = 0; block < list.BlockCount; block++)
            {
                var postings = list.Block(block);
                for (var i = 0; i < postings.Count; i++)
                {
                    rows.Add(postings.RowAt(i));
                }
            }
        }

        return rows;
    }

    private static void AddPhrase(IReadOnlyList<BoundPhraseTerm> terms, int segmentIndex, LexicalSegment segment, RowSet among, RowSet rows)
    {
        if (terms.Any(term => term.Numbers[segmentIndex] < 0))
        {
            return;
        }

        // The rarest term leads, the next rarest are asked first.
        var lists = terms
            .Select(term => (List: segment.ListAt(term.Numbers[segmentIndex]), term.Offset))
            .OrderBy(term => term.List.Count)
            .ToArray();
        var positions = Array.ConvertAll(lists, _ => new List<int>());
        for (var block = 0; block < lists[0].List.BlockCount; block++)
        {
            var postings = lists[0].List.Block(block);
            for (var i = 0; i < postings.Count; i++)
            {
                var row = postings.RowAt(i);
                if (among.Contains(row) && HoldsPhrase(lists, row, positions))
                {
                    rows.Add(row);
                }
            }
        }
    }

    private static bool HoldsPhrase((PostingList List, int Offset)[] lists, int row, List<int>[] positions)
    {
        for (var i = 1; i < lists.Length; i++)
        {
            if (!lists[i].List.TryFind(row, out _, out _))
            {
                return false;
            }
        }

        for (var i = 0; i < lists.Length; i++)
        {
            lists[i].List.ReadPositions(row, positions[i]);
        }

        foreach (var position in positions[0])
        {
            var start = position - lists[0].Offset;
            var holds = true;
            for (var i = 1; i < lists.Length && holds; i++)
            {
                holds = positions[i].BinarySearch(start + lists[i].Offset) >= 0;
            }

            if (holds)
            {
                return true;
            }
        }

        return false;
    }
}
