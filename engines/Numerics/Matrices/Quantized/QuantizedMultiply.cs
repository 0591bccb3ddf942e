using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

/// <summary>
/// C[rows, columns] = activation(A·B + bias), with A in 8 bits, B in a few and C in fp32. Whole numbers are multiplied and
/// added exactly inside a block of B's depth and in fp32 across blocks. A row of C does not depend on the other rows.
/// </summary>
public static class QuantizedMultiply
{
    private const int MaxRows = 4;

    /// <summary>Overwrites some panels' columns of C.</summary>
    /// <param name="a">A.</param>
    /// <param name="b">B; as deep as A.</param>
    /// <param name="c">C, row-major: row r starts at r·cStride.</param>
    /// <param name="cStride">Distance between C's rows; at least B's columns.</param>
    /// <param name="rows">The first so many rows of A and C.</param>
    /// <param name="bias">[B's columns]; empty for none.</param>
    /// <param name="activation">On every element.</param>
    /// <param name="panels">Inside B.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Multiply(
        QuantizedRows a, QuantizedMatrix b, Span<float> c, int cStride, int rows, ReadOnlySpan<float> bias, Activation activation, PanelRange panels)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, a.MaxRows);
        ArgumentOutOfRangeException.ThrowIfLessThan(cStride, b.Columns);
        panels.ThrowIfOutside(b.Panels);
        if (a.Depth != b.Depth)
        {
            throw new ArgumentException($"A is {a.Depth} deep, B {b.Depth}.", nameof(a));
        }
        if (rows == 0)
        {
            return;
        }
        if (c.Length < ((long)(rows - 1) * cStride) + b.Columns || (!bias.IsEmpty && bias.Length != b.Columns))
        {
            throw new ArgumentException($"[{rows}, {b.Columns}] at stride {cStride} does not fit into {c.Length} elements, or the bias has not as many as columns: {bias.Length}.", nameof(c));
        }
        switch (b.Kernel)
        {
            case ByteKernel.Avx512:
                Multiply<ByteLanes512, Lanes512>(a, b, c, cStride, rows, bias, activation, panels);
                break;
            case ByteKernel.AvxVnni:
                Multiply<ByteLanesVnni, Lanes256>(a, b, c, cStride, rows, bias, activation, panels);
                break;
            case ByteKernel.Avx2:
                Multiply<ByteLanes256, Lanes256>(a, b, c, cStride, rows, bias, activation, panels);
                break;
            case ByteKernel.Neon:
                Multiply<ByteLanes128, Lanes128>(a, b, c, cStride, rows, bias, activation, panels);
                break;
            default:
                MultiplyScalar(a, b, c, cStride, rows, bias, activation, panels);
                break;
        }
    }

    private static unsafe void MultiplyScalar(
        QuantizedRows a, QuantizedMatrix b, Span<float> c, int cStride, int rows, ReadOnlySpan<float> bias, Activation activation, PanelRange panels)
    {
        fixed (float* c0 = c, bias0 = bias)
        {
            var finish = new ProductFinish(bias0, activation);
            for (var row = 0; row < rows; row++)
            {
                for (var column = panels.First; column < panels.First + panels.Count; column++)
                {
                    c[(row * cStride) + column] = Element(a, b, row, column);
                }
                finish.ApplyScalar(c0 + ((long)row * cStride) + panels.First, panels.First, panels.Count);
            }
        }
    }

    /// <summary>For panels of one column.</summary>
    private static float Element(QuantizedRows a, QuantizedMatrix b, int row, int column)
    {
        var codes = a.Codes.Slice(row * a.Stride, a.Depth);
        var weights = b.PanelCodes(column);
        var total = 0f;
        for (var block = 0; block < b.Blocks; block++)
        {
            var sum = 0;
            for (var k = block * b.BlockDepth; k < Math.Min(b.Depth, (block + 1) * b.BlockDepth); k++)
            {
                sum += codes[k] * weights[k];
            }
            total += sum * b.PanelSteps(column)[block];
        }
        return (total - (a.Zeros[row] * b.PanelSums(column)[0])) * a.Scales[row];
    }

    private static unsafe void Multiply<TBytes, TFloat>(
        QuantizedRows a, QuantizedMatrix b, Span<float> c, int cStride, int rows, ReadOnlySpan<float> bias, Activation activation, PanelRange panels)
        where TBytes : struct, IByteLanes<TBytes, TFloat>
        where TFloat : struct, ILanes<TFloat>
    {
        var edge = stackalloc float[(MaxRows + 1) * b.PanelWidth];
        fixed (byte* a0 = a.Codes)
        fixed (float* c0 = c, bias0 = bias, scales = a.Scales, zeros = a.Zeros)
        {
            var finish = new ProductFinish(bias0, activation);
            for (var panel = panels.First; panel < panels.First + panels.Count; panel++)
            {
                var first = panel * b.PanelWidth;
                var columns = Math.Min(b.PanelWidth, b.Columns - first);
                var panelBias = finish.PanelBias(first, columns, b.PanelWidth, edge + (MaxRows * b.PanelWidth));
                fixed (sbyte* codes = b.PanelCodes(panel))
                fixed (float* steps = b.PanelSteps(panel), sums = b.PanelSums(panel))
                {
                    var right = new QuantizedPanel(codes, steps, sums, panelBias, b.Blocks, b.BlockDepth / QuantizedMatrix.StepDepth);
                    for (int row = 0, height; row < rows; row += height)
                    {
                        var left = new QuantizedTile(a0 + ((long)row * a.Stride), a.Stride, scales + row, zeros + row);
                        var to = c0 + ((long)row * cStride) + first;
                        if (columns == b.PanelWidth)
                        {
                            height = QuantizedKernels.Run<TBytes, TFloat>(left, right, to, cStride, rows - row);
                        }
                        else
                        {
                            height = QuantizedKernels.Run<TBytes, TFloat>(left, right, edge, b.PanelWidth, rows - row);
                            for (var i = 0; i < height; i++)
                            {
                                new ReadOnlySpan<float>(edge + (i * b.PanelWidth), columns).CopyTo(new Span<float>(to + ((long)i * cStride), columns));
                            }
                        }
                        finish.Activate<TFloat>(to, cStride, height, columns);
                    }
                }
            }
        }
    }
}
