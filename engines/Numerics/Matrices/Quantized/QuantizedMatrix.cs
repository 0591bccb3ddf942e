using System.Runtime.InteropServices;

namespace RagPlatform.Numerics;

/// <summary>
/// The right-hand matrix B[depth, columns] of a product in small whole numbers, with a step for each block of a column's
/// depth. Where each 32 weights are whole multiples from -8 to 8 of a step already, as in a model published in int4, they
/// are kept exactly; else weights are rounded to multiples from -32 to 32 of a step for each 8. Products by activations of
/// 8 bits then stay exact in 16-bit sums over a block, which is what makes them fast (<see cref="Lanes.IByteLanes{TSelf,TFloat}"/>).
/// </summary>
/// <remarks>
/// Panels of <see cref="PanelWidth"/> columns; inside a panel 4 of depth at a time, column by column. Filled up with zeros.
/// Reading is thread-safe.
/// </remarks>
public sealed class QuantizedMatrix
{
    /// <summary>Depth is filled up to a multiple of this.</summary>
    internal const int DepthUnit = 32;
    internal const int StepDepth = 4;
    private const int RoundedBlock = 8;
    private const int RoundedCodes = 32;
    private const int AlignmentBytes = 64;
    private static readonly int[] ExactCodes = [8, 7, 6, 5, 4, 3, 2, 1];

    private readonly sbyte[] _codes;
    private readonly int _start;
    private readonly float[] _steps;
    private readonly float[] _columnSums;

    /// <param name="source">B's transpose, row-major [columns, depth], as a linear layer's weight is.</param>
    /// <param name="depth">Rows of B; at least 1.</param>
    /// <param name="columns">Columns of B; at least 1.</param>
    /// <exception cref="ArgumentException">The source is not of that shape.</exception>
    public QuantizedMatrix(ReadOnlySpan<float> source, int depth, int columns)
        : this(source, depth, columns, ByteKernels.Fastest)
    {
    }

    internal QuantizedMatrix(ReadOnlySpan<float> source, int depth, int columns, ByteKernel kernel)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(depth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        if (source.Length != (long)depth * columns)
        {
            throw new ArgumentException($"The source has {source.Length} elements; [{columns}, {depth}] has {(long)depth * columns}.", nameof(source));
        }
        (Depth, Columns, Kernel, PanelWidth) = (depth, columns, kernel, kernel.PanelWidth());
        PaddedDepth = (depth + DepthUnit - 1) / DepthUnit * DepthUnit;
        IsExact = CanKeep(source, depth);
        BlockDepth = IsExact ? DepthUnit : RoundedBlock;
        var padded = Panels * PanelWidth;
        _codes = GC.AllocateArray<sbyte>(checked((padded * PaddedDepth) + AlignmentBytes), pinned: true);
        _start = (int)((AlignmentBytes - (Marshal.UnsafeAddrOfPinnedArrayElement(_codes, 0) & (AlignmentBytes - 1))) & (AlignmentBytes - 1));
        _steps = GC.AllocateArray<float>(padded * Blocks, pinned: true);
        _columnSums = GC.AllocateArray<float>(padded, pinned: true);
        for (var column = 0; column < columns; column++)
        {
            Pack(source.Slice(column * depth, depth), column);
        }
    }

    /// <summary>Rows of B.</summary>
    public int Depth { get; }

    /// <summary>Columns of B.</summary>
    public int Columns { get; }

    /// <summary>Groups of columns that are computed together; see <see cref="PanelRange"/>.</summary>
    public int Panels => (Columns + PanelWidth - 1) / PanelWidth;

    /// <summary>Every weight is kept as it was.</summary>
    public bool IsExact { get; }

    internal ByteKernel Kernel { get; }

    internal int PanelWidth { get; }

    internal int PaddedDepth { get; }

    internal int BlockDepth { get; }

    internal int Blocks => PaddedDepth / BlockDepth;

    /// <summary>Weight [k, j] of the panel is at k / 4 · 4 · PanelWidth + 4 · j + k % 4.</summary>
    internal ReadOnlySpan<sbyte> PanelCodes(int panel) => _codes.AsSpan(_start + (panel * PaddedDepth * PanelWidth), PaddedDepth * PanelWidth);

    /// <summary>The step of block b of the panel's column j is at b · PanelWidth + j.</summary>
    internal ReadOnlySpan<float> PanelSteps(int panel) => _steps.AsSpan(panel * Blocks * PanelWidth, Blocks * PanelWidth);

    /// <summary>Each column's sum of weights.</summary>
    internal ReadOnlySpan<float> PanelSums(int panel) => _columnSums.AsSpan(panel * PanelWidth, PanelWidth);

    private void Pack(ReadOnlySpan<float> weights, int column)
    {
        var (panel, j) = (column / PanelWidth, column % PanelWidth);
        var codes = _codes.AsSpan(_start + (panel * PaddedDepth * PanelWidth));
        double sum = 0;
        for (var k = 0; k < Depth; k += BlockDepth)
        {
            var block = weights.Slice(k, Math.Min(BlockDepth, Depth - k));
            var step = IsExact ? ExactStep(block)!.Value : Largest(block) / RoundedCodes;
            _steps[(((panel * Blocks) + (k / BlockDepth)) * PanelWidth) + j] = step;
            for (var i = 0; i < block.Length && step > 0; i++)
            {
                var code = (sbyte)Math.Round(block[i] / step);
                codes[((k + i) / StepDepth * StepDepth * PanelWidth) + (j * StepDepth) + ((k + i) % StepDepth)] = code;
                sum += code * (double)step;
            }
        }
        _columnSums[column] = (float)sum;
    }

    /// <summary>Whether a matrix of these weights keeps every one as it is.</summary>
    /// <param name="source">Row-major [columns, depth].</param>
    /// <param name="depth">At least 1.</param>
    public static bool CanKeep(ReadOnlySpan<float> source, int depth)
    {
        for (; !source.IsEmpty; source = source[depth..])
        {
            for (var k = 0; k < depth; k += DepthUnit)
            {
                if (ExactStep(source.Slice(k, Math.Min(DepthUnit, depth - k))) is null)
                {
                    return false;
                }
            }
        }
        return true;
    }

    /// <summary>The step of which all weights are whole multiples, as near as fp32 tells; null when there is none.</summary>
    private static float? ExactStep(ReadOnlySpan<float> weights)
    {
        const float roundingError = 1e-5f;
        var largest = Largest(weights);
        foreach (var code in ExactCodes)
        {
            var step = largest / code;
            var exact = true;
            for (var i = 0; i < weights.Length && exact && largest > 0; i++)
            {
                var multiple = weights[i] / step;
                exact = Math.Abs(multiple - MathF.Round(multiple)) < roundingError;
            }
            if (exact)
            {
                return step;
            }
        }
        return null;
    }

    private static float Largest(ReadOnlySpan<float> weights)
    {
        var largest = 0f;
        foreach (var weight in weights)
        {
            largest = Math.Max(largest, Math.Abs(weight));
        }
        return largest;
    }
}
