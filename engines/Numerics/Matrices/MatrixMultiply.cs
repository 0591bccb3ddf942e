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
        Multiply(a, aStride, b, c, cStride, rows, [], Activation.None, new PanelRange(0, b.Panels), accumulate: false);
    }

    /// <summary>Adds A·B to C.</summary>
    /// <param name="a">A, row-major: row r starts at r·aStride.</param>
    /// <param name="aStride">Distance between A's rows; at least B's depth.</param>
    /// <param name="b">B.</param>
    /// <param name="c">C, row-major: row r starts at r·cStride. What lies between rows is left alone.</param>
    /// <param name="cStride">Distance between C's rows; at least B's columns.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <exception cref="ArgumentException">A stride is too small or a span too short.</exception>
    public static void Add(
        ReadOnlySpan<float> a, int aStride, PackedMatrix b, Span<float> c, int cStride, int rows)
    {
        ArgumentNullException.ThrowIfNull(b);
        Multiply(a, aStride, b, c, cStride, rows, [], Activation.None, new PanelRange(0, b.Panels), accumulate: true);
    }

    /// <summary>Overwrites some panels' columns of C with activation(A·B + bias).</summary>
    /// <param name="a">A, row-major: row r starts at r·aStride.</param>
    /// <param name="aStride">Distance between A's rows; at least B's depth.</param>
    /// <param name="b">B.</param>
    /// <param name="c">C, row-major: row r starts at r·cStride. What lies between rows is left alone.</param>
    /// <param name="cStride">Distance between C's rows; at least B's columns.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="bias">[B's columns]; empty for none.</param>
    /// <param name="activation">On every element.</param>
    /// <param name="panels">Inside B.</param>
    /// <exception cref="ArgumentException">A stride is too small, a span too short, or the panels are not B's.</exception>
    public static void Multiply(
        ReadOnlySpan<float> a, int aStride, PackedMatrix b, Span<float> c, int cStride, int rows, ReadOnlySpan<float> bias, Activation activation, PanelRange panels)
    {
        ArgumentNullException.ThrowIfNull(b);
        Multiply(a, aStride, b, c, cStride, rows, bias, activation, panels, accumulate: false);
    }

    /// <summary>Overwrites some panels' columns of C with activation(A·B + bias), or activation(C + A·B + bias).</summary>
    /// <param name="a">A, row-major: row r starts at r·aStride.</param>
    /// <param name="aStride">Distance between A's rows; at least B's depth.</param>
    /// <param name="b">B.</param>
    /// <param name="c">C, row-major: row r starts at r·cStride. What lies between rows is left alone.</param>
    /// <param name="cStride">Distance between C's rows; at least B's columns.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="bias">[B's columns]; empty for none.</param>
    /// <param name="activation">On every element.</param>
    /// <param name="panels">Inside B.</param>
    /// <param name="accumulate">C is added.</param>
    /// <exception cref="ArgumentException">A stride is too small, a span too short, or the panels are not B's.</exception>
    public static void Multiply(
        ReadOnlySpan<float> a, int aStride, PackedMatrix b, Span<float> c, int cStride, int rows, ReadOnlySpan<float> bias, Activation activation, PanelRange panels, bool accumulate)
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
        ThrowIfUnfit(b, bias, panels);
        if (b.PanelWidth == 3 * Lanes512.Width)
        {
            Multiply<Lanes512>(a, aStride, b, c, cStride, rows, bias, activation, panels, accumulate);
        }
        else if (b.PanelWidth == 3 * Lanes256.Width)
        {
            Multiply<Lanes256>(a, aStride, b, c, cStride, rows, bias, activation, panels, accumulate);
        }
        else if (b.PanelWidth == 3 * Lanes128.Width)
        {
            Multiply<Lanes128>(a, aStride, b, c, cStride, rows, bias, activation, panels, accumulate);
        }
        else
        {
            MultiplyScalar(a, aStride, b, c, cStride, rows, bias, activation, panels, accumulate);
        }
    }

    private static unsafe void MultiplyScalar(
        ReadOnlySpan<float> a, int aStride, PackedMatrix b, Span<float> c, int cStride, int rows, ReadOnlySpan<float> bias, Activation activation, PanelRange panels, bool accumulate)
    {
        var first = panels.First * b.PanelWidth;
        var end = Math.Min(b.Columns, (panels.First + panels.Count) * b.PanelWidth);
        fixed (float* bias0 = bias, c0 = c)
        {
            var finish = new ProductFinish(bias0, activation);
            for (var row = 0; row < rows; row++)
            {
                for (var column = first; column < end; column++)
                {
                    var panel = b.Panel(column / b.PanelWidth);
                    var sum = 0f;
                    for (var k = 0; k < b.Depth; k++)
                    {
                        sum += a[row * aStride + k] * panel[k * b.PanelWidth + column % b.PanelWidth];
                    }
                    c[row * cStride + column] = accumulate ? c[row * cStride + column] + sum : sum;
                }
                finish.ApplyScalar(c0 + (long)row * cStride + first, first, end - first);
            }
        }
    }

    private static unsafe void Multiply<TLanes>(
        ReadOnlySpan<float> a, int aStride, PackedMatrix b, Span<float> c, int cStride, int rows, ReadOnlySpan<float> bias, Activation activation, PanelRange panels, bool accumulate)
        where TLanes : struct, ILanes<TLanes>
    {
        fixed (float* a0 = a, c0 = c, bias0 = bias)
        {
            for (var row = 0; row < rows; row += RowBlock)
            {
                for (var k = 0; k < b.Depth; k += DepthBlock)
                {
                    var aBlock = new Block(a0 + (long)row * aStride + k, aStride, Math.Min(RowBlock, rows - row));
                    var cBlock = new Block(c0 + (long)row * cStride, cStride, aBlock.Rows);
                    var finish = k + DepthBlock < b.Depth ? default : new ProductFinish(bias0, activation);
                    MultiplyBlock<TLanes>(aBlock, b, k, Math.Min(DepthBlock, b.Depth - k), cBlock, panels, finish, accumulate || k > 0);
                }
            }
        }
    }

    private static unsafe void MultiplyBlock<TLanes>(Block a, PackedMatrix b, int k, int depth, Block c, PanelRange panels, ProductFinish finish, bool accumulate)
        where TLanes : struct, ILanes<TLanes>
    {
        var edge = stackalloc float[(MultiplyKernels.MaxRows + 1) * b.PanelWidth];
        for (var panel = panels.First; panel < panels.First + panels.Count; panel++)
        {
            var columns = Math.Min(b.PanelWidth, b.Columns - panel * b.PanelWidth);
            var bias = finish.PanelBias(panel * b.PanelWidth, columns, b.PanelWidth, edge + MultiplyKernels.MaxRows * b.PanelWidth);
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
                            aRows, a.Stride, bBlock, cRows, c.Stride, depth, a.Rows - row, accumulate, bias);
                    }
                    else
                    {
                        height = columns <= TLanes.Width && bias == null
                            ? SlimKernels.Run<TLanes>(aRows, a.Stride, bBlock, b.PanelWidth, edge, b.PanelWidth, depth, a.Rows - row)
                            : MultiplyKernels.Run<TLanes>(aRows, a.Stride, bBlock, edge, b.PanelWidth, depth, a.Rows - row, accumulate: false, bias);
                        CopyEdge(edge, b.PanelWidth, cRows, c.Stride, height, columns, accumulate);
                    }
                    finish.Activate<TLanes>(cRows, c.Stride, height, columns);
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

    private static void ThrowIfUnfit(PackedMatrix b, ReadOnlySpan<float> bias, PanelRange panels)
    {
        panels.ThrowIfOutside(b.Panels);
        if (!bias.IsEmpty && bias.Length != b.Columns)
        {
            throw new ArgumentException($"The bias has {bias.Length} elements; the product has {b.Columns} columns.", nameof(bias));
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
