using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

/// <summary>
/// Y[rows, outputs] = X[rows, inputs]·Wᵀ by panels of W, in fp32 arithmetic whatever W is kept in. A 16-bit panel is
/// widened on its way into the registers for one row, and once into scratch for several. On one machine a row of Y
/// depends neither on the other rows nor on how the panels are shared among threads.
/// </summary>
public static unsafe class WeightMultiply
{
    /// <summary>Inputs taken at a time, so that the widened part of a panel stays in the second cache.</summary>
    private const int DepthBlock = 384;

    /// <summary>Floats of scratch that a thread needs.</summary>
    public static int ScratchLength => ScratchFor(PackedMatrix.MachinePanelWidth);

    /// <summary>The columns of Y that one panel gives.</summary>
    /// <param name="x">Row-major: row r starts at r·xStride.</param>
    /// <param name="xStride">At least W's inputs.</param>
    /// <param name="w">W.</param>
    /// <param name="panel">Below W's panels.</param>
    /// <param name="y">Row-major: row r starts at r·yStride.</param>
    /// <param name="yStride">At least W's outputs.</param>
    /// <param name="rows">Rows of X and Y.</param>
    /// <param name="accumulate">Added to what Y holds instead of overwriting it.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/>; one thread's own.</param>
    /// <exception cref="ArgumentException">A stride is too small or a span too short.</exception>
    public static void Multiply(
        ReadOnlySpan<float> x, int xStride, WeightMatrix w, int panel, Span<float> y, int yStride, int rows,
        bool accumulate, Span<float> scratch)
    {
        ArgumentNullException.ThrowIfNull(w);
        ArgumentOutOfRangeException.ThrowIfNegative(panel);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(panel, w.Panels);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(xStride, w.Inputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(yStride, w.Outputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(scratch.Length, ScratchFor(w.PanelWidth), nameof(scratch));
        if (rows == 0)
        {
            return;
        }
        MatrixMultiply.ThrowIfShort(x.Length, rows, xStride, w.Inputs, nameof(x));
        MatrixMultiply.ThrowIfShort(y.Length, rows, yStride, w.Outputs, nameof(y));
        fixed (float* x0 = x, y0 = y, scratch0 = scratch)
        {
            var (from, to) = (new Rows(x0, xStride), new Rows(y0 + panel * w.PanelWidth, yStride));
            if (w.PanelWidth == 3 * Lanes512.Width)
            {
                Multiply<Lanes512>(from, w, panel, to, rows, accumulate, scratch0);
            }
            else if (w.PanelWidth == 3 * Lanes256.Width)
            {
                Multiply<Lanes256>(from, w, panel, to, rows, accumulate, scratch0);
            }
            else if (w.PanelWidth == 3 * Lanes128.Width)
            {
                Multiply<Lanes128>(from, w, panel, to, rows, accumulate, scratch0);
            }
            else
            {
                MultiplyScalar(from, w, panel, to, rows, accumulate);
            }
        }
        GC.KeepAlive(w);
    }

    internal static int ScratchFor(int panelWidth) => (DepthBlock + MultiplyKernels.MaxRows) * panelWidth;

    private static void MultiplyScalar(Rows x, WeightMatrix w, int panel, Rows y, int rows, bool accumulate)
    {
        for (var column = 0; column < Columns(w, panel); column++)
        {
            var weights = w.Panel(panel) + column * w.ElementBytes;
            for (var row = 0; row < rows; row++)
            {
                var sum = 0f;
                for (var k = 0; k < w.Inputs; k++)
                {
                    sum += x.At(row)[k] * w.Element(weights + (long)k * w.PanelWidth * w.ElementBytes);
                }
                y.At(row)[column] = accumulate ? y.At(row)[column] + sum : sum;
            }
        }
    }

    private static void Multiply<TLanes>(
        Rows x, WeightMatrix w, int panel, Rows y, int rows, bool accumulate, float* scratch)
        where TLanes : struct, ILanes<TLanes>
    {
        var edge = scratch + DepthBlock * w.PanelWidth;
        var columns = Columns(w, panel);
        for (var k = 0; k < w.Inputs; k += DepthBlock)
        {
            var depth = Math.Min(DepthBlock, w.Inputs - k);
            var stored = w.Panel(panel) + (long)k * w.PanelWidth * w.ElementBytes;
            var add = accumulate || k > 0;
            var widened = w.Type == ElementType.Float32 ? (float*)stored : null;
            if (widened is null && rows > 1)
            {
                WidenKernels.Widen<TLanes>((ushort*)stored, w.Type, scratch, depth * w.PanelWidth);
                widened = scratch;
            }
            for (int row = 0, height; row < rows; row += height)
            {
                var from = x.At(row) + k;
                var to = y.At(row);
                if (columns == w.PanelWidth)
                {
                    height = Product<TLanes>(from, x.Stride, (ushort*)stored, w.Type, widened, to, y.Stride, depth, rows - row, add);
                    continue;
                }
                height = Product<TLanes>(from, x.Stride, (ushort*)stored, w.Type, widened, edge, w.PanelWidth, depth, rows - row, accumulate: false);
                MatrixMultiply.CopyEdge(edge, w.PanelWidth, to, y.Stride, height, columns, add);
            }
        }
    }

    private static int Product<TLanes>(
        float* x, int xStride, ushort* stored, ElementType type, float* widened, float* y, int yStride, int depth, int rows, bool accumulate)
        where TLanes : struct, ILanes<TLanes>
    {
        if (widened is not null)
        {
            return MultiplyKernels.Run<TLanes>(x, xStride, widened, y, yStride, depth, rows, accumulate);
        }
        WidenKernels.Row<TLanes>(x, stored, type, y, depth, accumulate);
        return 1;
    }

    private static int Columns(WeightMatrix w, int panel) => Math.Min(w.PanelWidth, w.Outputs - panel * w.PanelWidth);

    private readonly struct Rows(float* from, int stride)
    {
        public readonly int Stride = stride;

        private readonly float* from = from;

        public float* At(int row) => from + (long)row * Stride;
    }
}
