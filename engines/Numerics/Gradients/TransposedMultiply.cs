using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Gradients;

/// <summary>
/// C[rows, columns] += A[depth, rows]ᵀ·B[depth, columns] in fp32, single-threaded: a linear layer's weight gradient
/// dW[outputs, inputs] from dY[tokens, outputs] and X[tokens, inputs]. Blocks of B are laid out as <see cref="PackedMatrix"/>
/// is, those of A a few columns at a time; both are plain copies here. Each element is summed in the order of depth,
/// block by block, whatever part of C is asked for beside it. For few rows of C <see cref="OuterProducts"/> needs no workspace.
/// </summary>
public static class TransposedMultiply
{
    private const int DepthBlock = 384;
    private const int PanelsAtOnce = 8;
    private const int MostRows = 8;

    /// <summary>Columns of B that are laid out at a time: C is best shared among threads by so many, and by rows.</summary>
    public static int ColumnBlock => PanelsAtOnce * PackedMatrix.MachinePanelWidth;

    /// <summary>Length of the workspace.</summary>
    public static int WorkspaceLength => WorkspaceFor(PackedMatrix.MachinePanelWidth);

    /// <summary>Adds AᵀB to C.</summary>
    /// <param name="a">Row k at k·aStride.</param>
    /// <param name="aStride">At least <paramref name="rows"/>.</param>
    /// <param name="b">Row k at k·bStride.</param>
    /// <param name="bStride">At least <paramref name="columns"/>.</param>
    /// <param name="depth">Rows of A and B; may be 0.</param>
    /// <param name="c">Row r at r·cStride.</param>
    /// <param name="cStride">At least <paramref name="columns"/>.</param>
    /// <param name="rows">Columns of A, rows of C.</param>
    /// <param name="columns">Of B and C.</param>
    /// <param name="workspace">At least <see cref="WorkspaceLength"/>; its content does not matter.</param>
    /// <exception cref="ArgumentException">A stride is too small or a span too short.</exception>
    public static void Add(
        ReadOnlySpan<float> a, int aStride, ReadOnlySpan<float> b, int bStride, int depth, Span<float> c, int cStride, int rows, int columns, Span<float> workspace)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workspace.Length, WorkspaceLength, nameof(workspace));
        if (Lanes512.IsAccelerated)
        {
            Add<Lanes512>(a, aStride, b, bStride, depth, c, cStride, rows, columns, workspace);
        }
        else if (Lanes256.IsAccelerated)
        {
            Add<Lanes256>(a, aStride, b, bStride, depth, c, cStride, rows, columns, workspace);
        }
        else if (Lanes128.IsAccelerated)
        {
            Add<Lanes128>(a, aStride, b, bStride, depth, c, cStride, rows, columns, workspace);
        }
        else
        {
            AddScalar(a, aStride, b, bStride, depth, c, cStride, rows, columns);
        }
    }

    internal static int WorkspaceFor(int panelWidth) => (DepthBlock * ((PanelsAtOnce * panelWidth) + MostRows)) + (MostRows * panelWidth);

    internal static void AddScalar(
        ReadOnlySpan<float> a, int aStride, ReadOnlySpan<float> b, int bStride, int depth, Span<float> c, int cStride, int rows, int columns)
    {
        ThrowIfUnfit(a, aStride, b, bStride, depth, c, cStride, rows, columns);
        for (var k = 0; k < depth; k++)
        {
            for (var row = 0; row < rows; row++)
            {
                VectorMath.AddScaledScalar(c.Slice(row * cStride, columns), a[(k * aStride) + row], b.Slice(k * bStride, columns));
            }
        }
    }

    internal static unsafe void Add<TLanes>(
        ReadOnlySpan<float> a, int aStride, ReadOnlySpan<float> b, int bStride, int depth, Span<float> c, int cStride, int rows, int columns, Span<float> workspace)
        where TLanes : struct, ILanes<TLanes>
    {
        ThrowIfUnfit(a, aStride, b, bStride, depth, c, cStride, rows, columns);
        fixed (float* a0 = a, b0 = b, c0 = c, room = workspace)
        {
            for (var column = 0; column < columns; column += PanelsAtOnce * 3 * TLanes.Width)
            {
                var width = Math.Min(PanelsAtOnce * 3 * TLanes.Width, columns - column);
                for (var k = 0; k < depth; k += DepthBlock)
                {
                    var block = Math.Min(DepthBlock, depth - k);
                    PackPanels<TLanes>(b0 + ((long)k * bStride) + column, bStride, block, width, room);
                    AddBlock<TLanes>(a0 + ((long)k * aStride), aStride, block, room, c0 + column, cStride, rows, width);
                }
            }
        }
    }

    private static unsafe void AddBlock<TLanes>(float* a, int aStride, int depth, float* panels, float* c, int cStride, int rows, int columns)
        where TLanes : struct, ILanes<TLanes>
    {
        int together = TransposedKernels.Rows<TLanes>(), panelWidth = 3 * TLanes.Width;
        var group = panels + (DepthBlock * PanelsAtOnce * panelWidth);
        var edge = group + (DepthBlock * MostRows);
        for (var row = 0; row < rows; row += together)
        {
            var height = Math.Min(together, rows - row);
            PackRows(a + row, aStride, depth, height, together, group);
            var to = c + ((long)row * cStride);
            var panel = panels;
            for (var column = 0; column < columns; column += panelWidth, panel += depth * panelWidth)
            {
                var width = Math.Min(panelWidth, columns - column);
                if (height == together && width == panelWidth)
                {
                    TransposedKernels.AddWide<TLanes>(group, together, panel, panelWidth, to + column, cStride, depth);
                    continue;
                }
                new Span<float>(edge, together * panelWidth).Clear();
                TransposedKernels.AddWide<TLanes>(group, together, panel, panelWidth, edge, panelWidth, depth);
                MatrixMultiply.CopyEdge(edge, panelWidth, to + column, cStride, height, width, accumulate: true);
            }
        }
    }

    /// <summary>Panels of [depth, 3 registers] one after the other; the last is filled up with zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void PackPanels<TLanes>(float* from, int stride, int depth, int columns, float* to)
        where TLanes : struct, ILanes<TLanes>
    {
        nuint width = (nuint)TLanes.Width;
        var panelWidth = 3 * TLanes.Width;
        for (; columns > 0; columns -= panelWidth, from += panelWidth)
        {
            var row = from;
            for (var k = 0; k < depth; k++, to += panelWidth, row += stride)
            {
                if (columns < panelWidth)
                {
                    new ReadOnlySpan<float>(row, columns).CopyTo(new Span<float>(to, columns));
                    new Span<float>(to + columns, panelWidth - columns).Clear();
                    continue;
                }
                TLanes x = TLanes.Load(ref *row, 0), y = TLanes.Load(ref *row, width), z = TLanes.Load(ref *row, 2 * width);
                TLanes.Store(x, ref *to, 0);
                TLanes.Store(y, ref *to, width);
                TLanes.Store(z, ref *to, 2 * width);
            }
        }
    }

    /// <summary>[depth, together], filled up with zeros; together is 4 or 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void PackRows(float* from, int stride, int depth, int height, int together, float* to)
    {
        for (var k = 0; k < depth; k++, to += together, from += stride)
        {
            if (height < together)
            {
                new ReadOnlySpan<float>(from, height).CopyTo(new Span<float>(to, height));
                new Span<float>(to + height, together - height).Clear();
                continue;
            }
            Vector128.Load(from).Store(to);
            if (together == MostRows)
            {
                Vector128.Load(from + 4).Store(to + 4);
            }
        }
    }

    private static void ThrowIfUnfit(
        ReadOnlySpan<float> a, int aStride, ReadOnlySpan<float> b, int bStride, int depth, Span<float> c, int cStride, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(aStride, rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(bStride, columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(cStride, columns);
        if (depth > 0)
        {
            MatrixMultiply.ThrowIfShort(a.Length, depth, aStride, rows, nameof(a));
            MatrixMultiply.ThrowIfShort(b.Length, depth, bStride, columns, nameof(b));
        }
        MatrixMultiply.ThrowIfShort(c.Length, rows, cStride, columns, nameof(c));
    }
}
