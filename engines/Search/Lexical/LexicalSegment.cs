using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Lexical;

/// <summary>
/// The lexical sections of one segment, read where they lie: a dictionary of UTF-8 terms in the order of their bytes, and
/// for each term the rows that hold it, how often, and where. Safe for concurrent readers while the sections are open.
/// </summary>
public sealed class LexicalSegment
{
    private readonly Section _terms;
    private readonly Section _termOffsets;
    private readonly Section _termInfos;
    private readonly Section _postings;
    private readonly Section _blocks;
    private readonly Section _positions;
    private readonly Section _blockPositions;
    private readonly Section _rowLengths;

    /// <exception cref="InvalidDataException">A section is missing or is not of the length that the others say.</exception>
    public LexicalSegment(SegmentSections sections)
    {
        ArgumentNullException.ThrowIfNull(sections);
        var statistics = sections[SectionId.LexicalStatistics].Values<LexicalStatistics>();
        if (statistics.Length != 1 || statistics[0].LayoutVersion != LexicalStatistics.CurrentVersion)
        {
            throw new InvalidDataException($"The lexical sections are not of layout version {LexicalStatistics.CurrentVersion}.");
        }

        RowCount = statistics[0].RowCount;
        TermCount = statistics[0].TermCount;
        TotalLength = statistics[0].TotalLength;
        _terms = sections[SectionId.Terms];
        _postings = sections[SectionId.Postings];
        _positions = sections[SectionId.Positions];
        _termOffsets = Whole<uint>(sections, SectionId.TermOffsets, TermCount + 1L);
        _termInfos = Whole<TermInfo>(sections, SectionId.TermInfos, TermCount);
        _blocks = Whole<PostingBlock>(sections, SectionId.PostingBlocks, statistics[0].BlockCount);
        _blockPositions = Whole<uint>(sections, SectionId.PositionOffsets, statistics[0].BlockCount);
        _rowLengths = Whole<int>(sections, SectionId.RowLengths, RowCount);
    }

    public int RowCount { get; }

    /// <summary>Distinct terms.</summary>
    public int TermCount { get; }

    /// <summary>Of all rows together.</summary>
    public long TotalLength { get; }

    /// <summary>Weighted occurrences of terms in the row.</summary>
    public int LengthOf(int row) => RowLengths[row];

    internal ReadOnlySpan<int> RowLengths => _rowLengths.Values<int>();

    /// <summary>The term's UTF-8 bytes.</summary>
    /// <param name="term">0 to <see cref="TermCount"/> - 1.</param>
    internal ReadOnlySpan<byte> TermAt(int term)
    {
        var offsets = _termOffsets.Values<uint>();
        return Bytes(_terms, offsets[term], (long)offsets[term + 1] - offsets[term]);
    }

    internal int CountOf(int term) => _termInfos.Values<TermInfo>()[term].Count;

    internal PostingList ListAt(int term) => new(this, _termInfos.Values<TermInfo>()[term]);

    /// <summary>The term's number, or -1.</summary>
    internal int Find(ReadOnlySpan<byte> term)
    {
        var at = LowerBound(term);
        return at < TermCount && TermAt(at).SequenceEqual(term) ? at : -1;
    }

    /// <summary>The first term that is not before <paramref name="bytes"/>.</summary>
    internal int LowerBound(ReadOnlySpan<byte> bytes) => LowerBound(bytes, 0, TermCount);

    /// <summary>The same among the terms <paramref name="from"/> to <paramref name="to"/> - 1; the latter where all are before.</summary>
    internal int LowerBound(ReadOnlySpan<byte> bytes, int from, int to)
    {
        while (from < to)
        {
            var middle = (int)(((uint)from + (uint)to) / 2);
            if (TermAt(middle).SequenceCompareTo(bytes) < 0)
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

    internal ReadOnlySpan<PostingBlock> Blocks(int from, int count)
    {
        var blocks = _blocks.Values<PostingBlock>();
        return (uint)from <= (uint)blocks.Length && (uint)count <= (uint)(blocks.Length - from)
            ? blocks.Slice(from, count)
            : throw new InvalidDataException($"Blocks {from} to {from + (long)count} of postings are not among {blocks.Length}.");
    }

    internal BlockPostings Postings(int firstRow, int count, ulong location)
    {
        var rowWidth = PostingLayout.HasWideRows(location) ? sizeof(int) : sizeof(ushort);
        var frequencyWidth = PostingLayout.HasWideFrequencies(location) ? sizeof(int) : sizeof(byte);
        var bytes = Bytes(_postings, PostingLayout.Offset(location), (long)count * (rowWidth + frequencyWidth));
        return new BlockPostings(firstRow, bytes[..(count * rowWidth)], bytes[(count * rowWidth)..], count);
    }

    /// <summary>The positions of a term's postings from a block's first on.</summary>
    internal ReadOnlySpan<byte> Positions(TermInfo info, int block)
    {
        var offset = info.Positions + (info.Count > PostingLayout.BlockRows ? _blockPositions.Values<uint>()[info.First + block] : 0);
        return Bytes(_positions, offset, Math.Min(_positions.Bytes - offset, int.MaxValue));
    }

    private static unsafe ReadOnlySpan<byte> Bytes(Section section, long offset, long length) =>
        offset >= 0 && length is >= 0 and <= int.MaxValue && offset <= section.Bytes - length
            ? new ReadOnlySpan<byte>(section.Pointer + offset, (int)length)
            : throw new InvalidDataException($"{length} bytes at {offset} are not within a section of {section.Bytes}.");

    private static unsafe Section Whole<T>(SegmentSections sections, SectionId id, long count)
        where T : unmanaged
    {
        var section = sections[id];
        return count is >= 0 and <= int.MaxValue && section.Bytes == count * sizeof(T)
            ? section
            : throw new InvalidDataException($"Section {id} has {section.Bytes} bytes; {count} values of {sizeof(T)} are expected.");
    }
}
