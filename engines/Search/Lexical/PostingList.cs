namespace RagPlatform.Search.Lexical;

/// <summary>One term's postings in one segment. Short lists have one block, which the term's entry itself describes.</summary>
internal readonly struct PostingList(LexicalSegment segment, TermInfo info)
{
    /// <summary>Rows that hold the term.</summary>
    public int Count => info.Count;

    public int BlockCount => info.BlockCount;

    public bool IsShort => info.Count <= PostingLayout.BlockRows;

    /// <summary>Of a list that is not short.</summary>
    public ReadOnlySpan<PostingBlock> Blocks => segment.Blocks(info.First, BlockCount);

    public BlockPostings Block(int block)
    {
        if (IsShort)
        {
            return segment.Postings(info.First, info.Count, info.Location);
        }

        var header = Blocks[block];
        return segment.Postings(header.FirstRow, Math.Min(PostingLayout.BlockRows, info.Count - (block * PostingLayout.BlockRows)), header.Location);
    }

    /// <summary>Those of the block's first posting, and what follows.</summary>
    public ReadOnlySpan<byte> PositionsOfBlock(int block) => segment.Positions(info, block);

    /// <summary>The term's frequency in the row, 0 where it is not held.</summary>
    public int FrequencyOf(int row) => TryFind(row, out var block, out var index) ? Block(block).FrequencyAt(index) : 0;

    /// <summary>Where the row's posting is.</summary>
    public bool TryFind(int row, out int block, out int index)
    {
        block = IsShort ? 0 : BlockOf(Blocks, row);
        index = block < BlockCount ? Block(block).IndexOf(row) : -1;
        return index >= 0;
    }

    /// <summary>Reads the row's positions; none where the term is not held.</summary>
    public void ReadPositions(int row, List<int> positions)
    {
        positions.Clear();
        if (!TryFind(row, out var block, out var index))
        {
            return;
        }

        var bytes = PositionsOfBlock(block);
        for (var i = 0; i < index; i++)
        {
            PositionCoding.Skip(ref bytes);
        }

        PositionCoding.Read(ref bytes, positions);
    }

    /// <summary>The first block that reaches the row.</summary>
    private static int BlockOf(ReadOnlySpan<PostingBlock> blocks, int row)
    {
        var from = 0;
        var to = blocks.Length;
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (blocks[middle].LastRow < row)
            {
                from = middle + 1;
            }
            else
            {
                to = middle;
            }
        }

        return from;
    }
}
