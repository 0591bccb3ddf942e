using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

/// <summary>
/// C[rows, columns] = A[rows, depth]·B[depth, columns] in fp32, single-threaded. Rows and columns are blocked so that
/// what the kernels reread stays in the first two caches. The order of additions depends on the machine's registers,
/// so last bits differ between machines; on one machine a row of C does not depend on the other rows' values.
/// </summary>
public static class MatrixMultiply
{
    private const int RowBlock = 128;
    private const int DepthBlock = 384;

    /// <summary>Overwrites C with A·B.</summary>
    /// <param name="a">A, row-major: row r starts at r·aStride.</param>
    /// <param name="aStride">Distance between A's rows; at least B's depth.</param>
    /// <param name="b">B.</param>
    /// <param name="c">C, row-major: row r starts at r·cStride. What lies between rows is left alone.</param>
    /// <param name="cStride">Distance between C's rows; at least B's columns.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <exception cref="ArgumentException">A stride is too small or a span too short.</exception>
    public static void Multiply(
        ReadOnlySpan<float> a, int aStride, PackedMatrix b, Span<float> c, int cStride, int rows)
    {
        ArgumentNullException.ThrowIfNull(b);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(aStride, b.Depth);
        ArgumentOutOfRangeException.ThrowIfLessThan(cStride, b.Columns);
        if (rows == 0 || b.Columns == 0)
        {
            return;
        }
        ThrowIfShort(a.Length, rows, aStride, b.Depth, nameof(a));
        ThrowIfShort(c.Length, rows, cStride, b.Columns, nameof(c));
        if (b.PanelWidth == 3 * Lanes512.Width)
        {
            Multiply<Lanes512>(a, aStride, b, c, cStride, rows);
        }
        else if (b.PanelWidth == 3 * Lanes256.Width)
        {
            Multiply<Lanes256>(a, aStride, b, c, cStride, rows);
        }
        else if (b.PanelWidth == 3 * Lanes128.Width)
        {
            Multiply<Lanes128>(a, aStride, b, c, cStride, rows);
        }
        else
        {
            MultiplyScalar(a, aStride, b, c, cStride, rows);
        }
    }

    internal static void MultiplyScalar(
        ReadOnlySpan<float> a, int aStride, PackedMatrix b, Span<float> c, int cStride, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < b.Columns; column++)
            {
                var panel = b.Panel(column / b.PanelWidth);
                var sum = 0f;
                for (var k = 0; k < b.Depth; k++)
                {
                    sum += a[row * aStride + k] * panel[k * b.PanelWidth + column % b.PanelWidth];
                }
                c[row * cStride + column] = sum;
            }
        }
    }

    private static unsafe void Multiply<TLanes>(
        ReadOnlySpan<float> a, int aStride, PackedMatrix b, Span<float> c, int cStride, int rows)
        where TLanes : struct, ILanes<TLanes>
    {
        fixed (float* a0 = a, c0 = c)
        {
            for (var row = 0; row < rows; row += RowBlock)
            {
                for (var k = 0; k < b.Depth; k += DepthBlock)
                {
                    var aBlock = new Block(a0 + (long)row * aStride + k, aStride, Math.Min(RowBlock, rows - row));
                    var cBlock = new Block(c0 + (long)row * cStride, cStride, aBlock.Rows);
                    MultiplyBlock<TLanes>(aBlock, b, k, Math.Min(DepthBlock, b.Depth - k), cBlock);
                }
            }
        }
    }

    private static unsafe void MultiplyBlock<TLanes>(Block a, PackedMatrix b, int k, int depth, Block c)
        where TLanes : struct, ILanes<TLanes>
    {
        var edge = stackalloc float[MultiplyKernels.MaxRows * b.PanelWidth];
        for (var panel = 0; panel < b.Panels; panel++)
        {
            var columns = Math.Min(b.PanelWidth, b.Columns - panel * b.PanelWidth);
            fixed (float* bPanel = b.Panel(panel))
            {
                var bBlock = bPanel + k * b.PanelWidth;
                for (int row = 0, height; row < a.Rows; row += height)
                {
                    var aRows = a.From + (long)row * a.Stride;
                    var cRows = c.From + (long)row * c.Stride + panel * b.PanelWidth;
                    if (columns == b.PanelWidth)
                    {
                        height = MultiplyKernels.Run<TLanes>(
                            aRows, a.Stride, bBlock, cRows, c.Stride, depth, a.Rows - row, accumulate: k > 0);
                        continue;
                    }
                    height = MultiplyKernels.Run<TLanes>(
                        aRows, a.Stride, bBlock, edge, b.PanelWidth, depth, a.Rows - row, accumulate: false);
                    CopyEdge(edge, b.PanelWidth, cRows, c.Stride, height, columns, accumulate: k > 0);
                }
            }
        }
    }

    internal static unsafe void CopyEdge(
        float* from, int fromStride, float* to, int toStride, int rows, int columns, bool accumulate)
    {
        for (var row = 0; row < rows; row++)
        {
            var source = new ReadOnlySpan<float>(from + row * fromStride, columns);
            var target = new Span<float>(to + (long)row * toStride, columns);
            if (accumulate)
            {
                VectorMath.Add(target, source);
            }
            else
            {
                source.CopyTo(target);
            }
        }
    }

    internal static void ThrowIfShort(int length, int rows, int stride, int width, string name)
    {
        var needed = (long)(rows - 1) * stride + width;
        if (length < needed)
        {
            throw new ArgumentException($"The matrix has {length} elements; {rows} rows need {needed}.", name);
        }
    }

    private readonly unsafe struct Block(float* from, int stride, int rows)
    {
        public readonly float* From = from;
        public readonly int Stride = stride;
        public readonly int Rows = rows;
    }
}
