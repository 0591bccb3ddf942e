using System.Runtime.CompilerServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Gradients;

/// <summary>
/// Attention of one sequence's tokens to themselves and those before them, softmax(scale · Q·Kᵀ)·V, for the query heads of one key
/// head. The [tokens, tokens] matrix is never whole: the forward pass keeps the logarithm of each softmax's sum, from which the
/// backward pass makes the weights again (Dao et al. 2022, arXiv:2205.14135).
/// </summary>
public static unsafe partial class CausalAttention
{
    /// <summary>Overwrites the heads' columns of the context.</summary>
    /// <param name="queries">Row t at t·stride: the group's heads, side by side.</param>
    /// <param name="keys">Row t at t·stride.</param>
    /// <param name="values">Row t at t·stride.</param>
    /// <param name="stride">Distance between rows of the three.</param>
    /// <param name="shape">Tokens, components and heads.</param>
    /// <param name="context">Row t at t·contextStride: the group's heads, side by side.</param>
    /// <param name="contextStride">At least the heads' width.</param>
    /// <param name="logSums">[heads, tokens]: ln Σ e^(scale·q·k), for the backward pass.</param>
    /// <param name="workspace">At least the shape's length; its content does not matter.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Forward(
        ReadOnlySpan<float> queries, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, int stride, in CausalAttentionShape shape,
        Span<float> context, int contextStride, Span<float> logSums, Span<float> workspace)
    {
        shape.Check(queries.Length, Math.Min(keys.Length, values.Length), stride, workspace.Length);
        shape.Check(context.Length, context.Length, contextStride, workspace.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(logSums.Length, shape.Group * shape.Tokens, nameof(logSums));
        if (Lanes512.IsAccelerated)
        {
            Forward<Lanes512>(queries, keys, values, stride, shape, context, contextStride, logSums, workspace);
        }
        else if (Lanes256.IsAccelerated)
        {
            Forward<Lanes256>(queries, keys, values, stride, shape, context, contextStride, logSums, workspace);
        }
        else if (Lanes128.IsAccelerated)
        {
            Forward<Lanes128>(queries, keys, values, stride, shape, context, contextStride, logSums, workspace);
        }
        else
        {
            ForwardScalar(queries, keys, values, stride, shape, context, contextStride, logSums, workspace);
        }
    }

    internal static void ForwardScalar(
        ReadOnlySpan<float> queries, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, int stride, in CausalAttentionShape shape,
        Span<float> context, int contextStride, Span<float> logSums, Span<float> workspace)
    {
        for (var head = 0; head < shape.Group; head++)
        {
            for (var row = 0; row < shape.Tokens; row++)
            {
                var weights = workspace[..(row + 1)];
                var query = queries.Slice(row * stride + head * shape.Size, shape.Size);
                for (var i = 0; i <= row; i++)
                {
                    weights[i] = shape.Scale * VectorMath.DotScalar(query, keys.Slice(i * stride, shape.Size));
                }
                var highest = VectorMath.Highest(weights);
                var sum = VectorMath.Exponentials(weights, highest, 1);
                logSums[head * shape.Tokens + row] = highest + MathF.Log(sum);
                var to = context.Slice(row * contextStride + head * shape.Size, shape.Size);
                to.Clear();
                for (var i = 0; i <= row; i++)
                {
                    VectorMath.AddScaled(to, weights[i] / sum, values.Slice(i * stride, shape.Size));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward<TLanes>(
        ReadOnlySpan<float> queries, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, int stride, in CausalAttentionShape shape,
        Span<float> context, int contextStride, Span<float> logSums, Span<float> workspace)
        where TLanes : struct, ILanes<TLanes>
    {
        int tokens = shape.Tokens, size = shape.Size, padded = shape.PaddedTokens, wide = shape.PaddedSize, panel = 2 * TLanes.Width;
        var factors = stackalloc float[AttentionKernels.MaxRows];
        fixed (float* q = queries, k = keys, v = values, to = context, transposed = workspace)
        {
            var packed = transposed + (size * padded);
            var scores = packed + (tokens * wide);
            var edge = scores + (AttentionKernels.MaxRows * padded);
            AttentionPacking.Transpose(k, stride, tokens, size, transposed, padded);
            AttentionPacking.Pack(v, stride, tokens, size, packed, wide);
            for (var head = 0; head < shape.Group; head++)
            {
                for (int row = 0, rows; row < tokens; row += rows)
                {
                    rows = AttentionKernels.RowsAtOnce<TLanes>(tokens - row);
                    var seen = row + rows;
                    for (var column = 0; column < seen; column += panel)
                    {
                        AttentionKernels.Run<TLanes>(
                            rows, q + ((long)row * stride) + (head * size), stride, transposed + column, padded, scores + column, padded, size);
                    }
                    for (var i = 0; i < rows; i++)
                    {
                        var weights = new Span<float>(scores + (i * padded), seen);
                        var visible = row + i + 1;
                        var highest = VectorMath.Highest<TLanes>(weights[..visible]);
                        var sum = VectorMath.Exponentials<TLanes>(weights[..visible], highest, shape.Scale);
                        weights[visible..].Clear();
                        factors[i] = 1 / sum;
                        logSums[(head * tokens) + row + i] = (highest * shape.Scale) + MathF.Log(sum);
                    }
                    for (var column = 0; column < size; column += panel)
                    {
                        AttentionKernels.Run<TLanes>(rows, scores, padded, packed + column, wide, edge, panel, seen);
                        var columns = Math.Min(panel, size - column);
                        for (var i = 0; i < rows; i++)
                        {
                            var part = new Span<float>(edge + (i * panel), columns);
                            VectorMath.Scale<TLanes>(part, factors[i]);
                            part.CopyTo(new Span<float>(to + ((long)(row + i) * contextStride) + (head * size) + column, columns));
                        }
                    }
                }
            }
        }
    }
}
