using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

/// <summary>
/// The right-hand matrix B[depth, columns] of a product, laid out for <see cref="MatrixMultiply"/>: panels of
/// <see cref="PanelWidth"/> columns, depth-major inside a panel, the last one filled up with zeros, on 64-byte borders
/// (Goto and van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication").
/// </summary>
/// <remarks>Reading is thread-safe; <see cref="Pack"/> is not. The storage is reused by every <see cref="Pack"/>.</remarks>
public sealed class PackedMatrix
{
    private const int AlignmentBytes = 64;

    private readonly float[] storage;
    private readonly int storageStart;
    private readonly int capacity;

    /// <summary>A matrix with room for any shape up to the given one; empty until packed.</summary>
    /// <param name="maxDepth">Most rows of B; at least 1.</param>
    /// <param name="maxColumns">Most columns of B; at least 1.</param>
    public PackedMatrix(int maxDepth, int maxColumns)
        : this(maxDepth, maxColumns, MachinePanelWidth)
    {
    }

    internal PackedMatrix(int maxDepth, int maxColumns, int panelWidth)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxDepth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxColumns);
        PanelWidth = panelWidth;
        capacity = checked(PanelsFor(maxColumns) * panelWidth * maxDepth);
        storage = GC.AllocateUninitializedArray<float>(checked(capacity + AlignmentBytes / sizeof(float)), pinned: true);
        storageStart = FirstAligned(storage);
    }

    /// <summary>Rows of B.</summary>
    public int Depth { get; private set; }

    /// <summary>Columns of B.</summary>
    public int Columns { get; private set; }

    internal int PanelWidth { get; }

    /// <summary>Groups of columns that are computed together; see <see cref="PanelRange"/>.</summary>
    public int Panels => PanelsFor(Columns);

    /// <summary>Three registers wide, which is what the kernels hold of B at a time; 1 where there is no SIMD.</summary>
    internal static int MachinePanelWidth =>
        Lanes512.IsAccelerated ? 3 * Lanes512.Width
        : Lanes256.IsAccelerated ? 3 * Lanes256.Width
        : Lanes128.IsAccelerated ? 3 * Lanes128.Width
        : 1;

    /// <summary>
    /// Takes over B, whose element [depth, column] is source[depth·depthStride + column·columnStride]; so a
    /// row-major B has strides (columns, 1), and the transpose of a row-major [columns, depth] has (1, depth).
    /// </summary>
    /// <exception cref="ArgumentException">The shape exceeds the room, or the source is too short for it.</exception>
    public void Pack(ReadOnlySpan<float> source, int depth, int columns, int depthStride, int columnStride)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(depth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(depthStride);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columnStride);
        if ((long)PanelsFor(columns) * PanelWidth * depth > capacity)
        {
            throw new ArgumentException($"[{depth}, {columns}] needs more room than was made.", nameof(columns));
        }
        var needed = (long)(depth - 1) * depthStride + (long)(columns - 1) * columnStride + 1;
        if (source.Length < needed)
        {
            throw new ArgumentException($"The source has {source.Length} elements; the shape needs {needed}.", nameof(source));
        }
        (Depth, Columns) = (depth, columns);
        for (var panel = 0; panel < Panels; panel++)
        {
            PackPanel(source, panel, depthStride, columnStride);
        }
    }

    /// <summary>Element [k, j] of panel p is at k·PanelWidth + j.</summary>
    internal ReadOnlySpan<float> Panel(int panel) => PanelStorage(panel);

    private Span<float> PanelStorage(int panel)
    {
        var length = Depth * PanelWidth;
        return storage.AsSpan(storageStart + panel * length, length);
    }

    private void PackPanel(ReadOnlySpan<float> source, int panel, int depthStride, int columnStride)
    {
        var target = PanelStorage(panel);
        var firstColumn = panel * PanelWidth;
        var width = Math.Min(PanelWidth, Columns - firstColumn);
        if (width < PanelWidth)
        {
            target.Clear();
        }
        if (columnStride == 1)
        {
            for (var k = 0; k < Depth; k++)
            {
                source.Slice(k * depthStride + firstColumn, width).CopyTo(target[(k * PanelWidth)..]);
            }
            return;
        }
        var (turnedDepth, turnedWidth) = Sse.IsSupported && depthStride == 1 ? (Depth / 4 * 4, width / 4 * 4) : (0, 0);
        PackTurned(source[(firstColumn * columnStride)..], columnStride, turnedDepth, turnedWidth, target);
        // Column by column: each is read in order, and the panel being written stays in the nearest cache.
        for (var j = 0; j < width; j++)
        {
            var k = j < turnedWidth ? turnedDepth : 0;
            var from = ((firstColumn + j) * columnStride) + (k * depthStride);
            for (var to = (k * PanelWidth) + j; k < Depth; k++, to += PanelWidth, from += depthStride)
            {
                target[to] = source[from];
            }
        }
    }

    /// <summary>The transpose of a row-major matrix, four rows at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void PackTurned(ReadOnlySpan<float> source, int columnStride, int depth, int width, Span<float> target)
    {
        fixed (float* from = source, to = target)
        {
            for (var j = 0; j < width; j += 4)
            {
                for (var k = 0; k < depth; k += 4)
                {
                    AttentionPacking.Transpose4(from + ((long)j * columnStride) + k, columnStride, to + ((long)k * PanelWidth) + j, PanelWidth);
                }
            }
        }
    }

    private int PanelsFor(int columns) => (columns + PanelWidth - 1) / PanelWidth;

    private static unsafe int FirstAligned(float[] pinned)
    {
        var address = (nuint)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
        var aligned = (address + AlignmentBytes - 1) / AlignmentBytes * AlignmentBytes;
        return (int)((aligned - address) / sizeof(float));
    }
}
