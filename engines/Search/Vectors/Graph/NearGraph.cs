using System.Runtime.CompilerServices;
using RagPlatform.Numerics;

namespace RagPlatform.Search.Vectors.Graph;

/// <summary>
/// The links of a hierarchical navigable small world graph (Malkov and Yashunin 2016, arXiv:1603.09320) where they lie.
/// Every row is on the lowest layer, level 0, with room for twice <see cref="Links"/> links; on the levels above are
/// fewer and fewer rows with room for <see cref="Links"/> each. Rows of equal codes share one place in the graph: the
/// first stands for all, the others, its twins, hang on it in a chain and have no links.
/// </summary>
internal sealed unsafe class NearGraph(int rowCount, int links, GraphPointers pointers)
{
    /// <summary>In place of a row: there is none.</summary>
    public const int None = -1;

    public int RowCount => rowCount;

    /// <summary>Room for links on every level but the lowest.</summary>
    public int Links => links;

    /// <summary>Where every search begins: a row of the highest level; <see cref="None"/> in an empty graph.</summary>
    public int Entry { get; set; } = None;

    public int TopLevel => Entry == None ? 0 : LevelOf(Entry);

    public int LevelOf(int row) => pointers.Levels[row];

    public int RoomAt(int level) => level == 0 ? 2 * links : links;

    /// <summary>As long as there is room; the links end at the first <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<int> LinksOf(int row, int level) => level == 0
        ? new Span<int>(pointers.Lowest + ((long)row * 2 * links), 2 * links)
        : new Span<int>(pointers.Upper + OffsetOf(row, level), links);

    /// <summary>The links of the lowest level will be read soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchLinks(int row) => Prefetch.Read(pointers.Lowest + ((long)row * 2 * links), 2 * links * sizeof(int));

    /// <summary>In the links of the levels above the lowest.</summary>
    public long OffsetOf(int row, int level) => ((long)pointers.UpperOffsets[row] + level - 1) * links;

    /// <summary>The next row of the same codes.</summary>
    public ref int TwinOf(int row) => ref pointers.Twins[row];

    /// <summary>How many allowed rows were found, twins included.</summary>
    public int CountRows(ReadOnlySpan<ulong> found, RowSet? allowed)
    {
        var count = 0;
        foreach (var key in found)
        {
            for (var row = GraphKey.Row(key); row != None; row = TwinOf(row))
            {
                count += allowed is null || allowed.Contains(row) ? 1 : 0;
            }
        }

        return count;
    }
}

/// <summary>The arrays of a graph, by row.</summary>
/// <param name="upperOffsets">How many lists of links lie before the row's own in <paramref name="upper"/>.</param>
internal readonly unsafe struct GraphPointers(byte* levels, int* lowest, int* upperOffsets, int* upper, int* twins)
{
    public byte* Levels => levels;

    public int* Lowest => lowest;

    public int* UpperOffsets => upperOffsets;

    public int* Upper => upper;

    public int* Twins => twins;
}
