using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Lexical;

/// <summary>
/// Writes the lexical sections of a segment. The terms are passed over twice, for the postings and for the positions, so
/// that neither, the two largest sections, is ever held in memory.
/// </summary>
internal sealed class PostingsEncoder(IPostingsSource source, CancellationToken cancellationToken)
{
    private readonly List<TermInfo> _infos = [];
    private readonly List<PostingBlock> _blocks = [];
    private readonly List<uint> _termOffsets = [];
    private readonly List<uint> _blockPositions = [];
    private readonly int[] _lengths = source.RowLengths;

    /// <exception cref="InvalidDataException">More than 4 GiB of terms, or of positions of one term.</exception>
    public void Encode(ISectionWriter writer)
    {
        EncodePostings(writer.Begin(SectionId.Postings));
        EncodePositions(writer.Begin(SectionId.Positions));
        EncodeTerms(writer.Begin(SectionId.Terms));
        writer.Write<uint>(SectionId.TermOffsets, CollectionsMarshal.AsSpan(_termOffsets));
        writer.Write<TermInfo>(SectionId.TermInfos, CollectionsMarshal.AsSpan(_infos));
        writer.Write<PostingBlock>(SectionId.PostingBlocks, CollectionsMarshal.AsSpan(_blocks));
        writer.Write<uint>(SectionId.PositionOffsets, CollectionsMarshal.AsSpan(_blockPositions));
        writer.Write<int>(SectionId.RowLengths, _lengths);
        var statistics = new LexicalStatistics(
            LexicalStatistics.CurrentVersion, _lengths.Length, _infos.Count, _blocks.Count, _lengths.Sum(length => (long)length));
        writer.Write<LexicalStatistics>(SectionId.LexicalStatistics, [statistics]);
    }

    private void EncodePostings(Stream stream)
    {
        long offset = 0;
        foreach (var postings in source.ReadTerms())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (postings.Count <= PostingLayout.BlockRows)
            {
                var block = EncodeBlock(stream, postings.Rows, postings.Frequencies, ref offset);
                _infos.Add(new TermInfo(postings.Count, block.FirstRow, block.Location, 0));
                continue;
            }

            _infos.Add(new TermInfo(postings.Count, _blocks.Count, 0, 0));
            for (var from = 0; from < postings.Count; from += PostingLayout.BlockRows)
            {
                var count = Math.Min(PostingLayout.BlockRows, postings.Count - from);
                var rows = postings.Rows.Slice(from, count);
                var frequencies = postings.Frequencies.Slice(from, count);
                _blocks.Add(EncodeBlock(stream, rows, frequencies, ref offset) with { Best = BestOf(rows, frequencies) });
            }
        }
    }

    private static PostingBlock EncodeBlock(Stream stream, ReadOnlySpan<int> rows, ReadOnlySpan<int> frequencies, ref long offset)
    {
        Span<byte> bytes = stackalloc byte[PostingLayout.BlockRows * 2 * sizeof(int)];
        var wideRows = rows[^1] - rows[0] > ushort.MaxValue;
        var wideFrequencies = frequencies.ContainsAnyExceptInRange(0, byte.MaxValue);
        var written = 0;
        foreach (var row in rows)
        {
            written += WriteValue(bytes[written..], row - rows[0], wideRows ? sizeof(int) : sizeof(ushort));
        }

        foreach (var frequency in frequencies)
        {
            written += WriteValue(bytes[written..], frequency, wideFrequencies ? sizeof(int) : sizeof(byte));
        }

        stream.Write(bytes[..written]);
        var location = PostingLayout.Location(offset, wideRows, wideFrequencies);
        offset += written;
        return new PostingBlock(rows[0], rows[^1], location, default);
    }

    private static int WriteValue(Span<byte> bytes, int value, int width)
    {
        switch (width)
        {
            case sizeof(byte):
                bytes[0] = (byte)value;
                break;
            case sizeof(ushort):
                BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
                break;
            default:
                BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
                break;
        }

        return width;
    }

    private BestPairs BestOf(ReadOnlySpan<int> rows, ReadOnlySpan<int> frequencies)
    {
        Span<int> sorted = stackalloc int[PostingLayout.BlockRows];
        Span<int> lengths = stackalloc int[PostingLayout.BlockRows];
        frequencies.CopyTo(sorted);
        for (var i = 0; i < rows.Length; i++)
        {
            lengths[i] = _lengths[rows[i]];
        }

        return BestPairs.Of(sorted[..rows.Length], lengths[..rows.Length]);
    }

    private void EncodePositions(Stream stream)
    {
        long start = 0;
        var term = 0;
        var bytes = new List<byte>();
        foreach (var postings in source.ReadTerms())
        {
            cancellationToken.ThrowIfCancellationRequested();
            bytes.Clear();
            for (var posting = 0; posting < postings.Count; posting++)
            {
                if (postings.Count > PostingLayout.BlockRows && posting % PostingLayout.BlockRows == 0)
                {
                    _blockPositions.Add((uint)bytes.Count);
                }

                PositionCoding.Append(bytes, postings.PositionsOf(posting));
            }

            stream.Write(CollectionsMarshal.AsSpan(bytes));
            _infos[term] = _infos[term] with { Positions = start };
            term++;
            start += bytes.Count;
        }
    }

    private void EncodeTerms(Stream stream)
    {
        long offset = 0;
        foreach (var postings in source.ReadTerms())
        {
            _termOffsets.Add(Offset(offset));
            stream.Write(postings.Term.Span);
            offset += postings.Term.Length;
        }

        _termOffsets.Add(Offset(offset));
    }

    private static uint Offset(long offset) => offset <= uint.MaxValue
        ? (uint)offset
        : throw new InvalidDataException("The terms of a segment take more than 4 GiB; merge fewer segments into one.");
}
