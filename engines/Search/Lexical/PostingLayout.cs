using System.Runtime.InteropServices;

namespace RagPlatform.Search.Lexical;

/// <summary>What a segment's lexical sections hold together.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct LexicalStatistics(int LayoutVersion, int RowCount, int TermCount, int BlockCount, long TotalLength)
{
    public const int CurrentVersion = 1;
}

/// <summary>Where one term's postings lie. Terms are numbered in the order of their UTF-8 bytes.</summary>
/// <param name="Count">Rows that hold the term.</param>
/// <param name="First">
/// With at most <see cref="PostingLayout.BlockRows"/> postings, the first row, and <paramref name="Location"/> is theirs;
/// with more, the number of the first <see cref="PostingBlock"/>.
/// </param>
/// <param name="Positions">Offset into the section of positions.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TermInfo(int Count, int First, ulong Location, long Positions)
{
    public int BlockCount => (Count + PostingLayout.BlockRows - 1) / PostingLayout.BlockRows;
}

/// <summary>Where a block of a long list lies and what it can score at best.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct PostingBlock(int FirstRow, int LastRow, ulong Location, BestPairs Best);

/// <summary>
/// A block on disk: for each posting the row less the block's first (two bytes, or four where that is too little), then
/// for each the frequency (one byte, or four). Three bytes a posting as a rule. Bit packing would halve that but has to
/// be unpacked to be searched; this is read and searched where it lies.
/// </summary>
internal static class PostingLayout
{
    public const int BlockRows = 128;

    private const ulong WideRows = 1UL << 63;
    private const ulong WideFrequencies = 1UL << 62;

    public static ulong Location(long offset, bool wideRows, bool wideFrequencies) =>
        (ulong)offset | (wideRows ? WideRows : 0) | (wideFrequencies ? WideFrequencies : 0);

    public static long Offset(ulong location) => (long)(location & ~(WideRows | WideFrequencies));

    public static bool HasWideRows(ulong location) => (location & WideRows) != 0;

    public static bool HasWideFrequencies(ulong location) => (location & WideFrequencies) != 0;
}
