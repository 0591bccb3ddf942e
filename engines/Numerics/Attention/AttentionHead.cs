using System.Runtime.CompilerServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

/// <summary>
/// One head's attention over all its tokens: softmax(scale · Q·Kᵀ)·V, a few queries at a time, so that their scores stay in
/// the nearest cache and the [tokens, tokens] matrix is never whole (Dao et al. 2022, arXiv:2205.14135, has the idea).
/// </summary>
public static class AttentionHead
{
    /// <summary>The most columns that the kernels do at once: a row's end is filled up to a multiple of it, or may be read beyond.</summary>
    internal const int MarginFloats = 32;

    /// <summary>Length of the workspace for so many tokens.</summary>
    public static int WorkspaceLength(int tokens, int size) => checked(((size + AttentionKernels.MaxRows) * Padded(tokens)) + (tokens * Padded(size)) + (AttentionKernels.MaxRows * MarginFloats));

    /// <summary>Overwrites the head's columns of the context.</summary>
    /// <inheritdoc cref="Attend(ReadOnlySpan{float}, ReadOnlySpan{float}, ReadOnlySpan{float}, int, int, int, float, Span{float}, int, Span{float}, AttentionDropout)"/>
    public static void Attend(
        ReadOnlySpan<float> queries, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, int stride,
        int tokens, int size, float scale, Span<float> context, int contextStride, Span<float> workspace) =>
        Attend(queries, keys, values, stride, tokens, size, scale, context, contextStride, workspace, default);

    /// <summary>Overwrites the head's columns of the context.</summary>
    /// <param name="queries">Row t at t·stride, of <paramref name="size"/> columns.</param>
    /// <param name="keys">As the queries.</param>
    /// <param name="values">As the queries.</param>
    /// <param name="stride">Distance between rows of the three; at least <paramref name="size"/>.</param>
    /// <param name="tokens">Rows; at least 1.</param>
    /// <param name="size">The head's columns; at least 1.</param>
    /// <param name="scale">Factor on the products; above 0.</param>
    /// <param name="context">Row t at t·contextStride.</param>
    /// <param name="contextStride">At least <paramref name="size"/>.</param>
    /// <param name="workspace">At least <see cref="WorkspaceLength"/>; its content does not matter.</param>
    /// <param name="dropout">On the weights after the softmax; none by default.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Attend(
        ReadOnlySpan<float> queries, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, int stride,
        int tokens, int size, float scale, Span<float> context, int contextStride, Span<float> workspace, AttentionDropout dropout)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tokens);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, size);
        ArgumentOutOfRangeException.ThrowIfLessThan(contextStride, size);
        var needed = ((long)(tokens - 1) * stride) + size;
        if (queries.Length < needed || keys.Length < needed || values.Length < needed
            || context.Length < ((long)(tokens - 1) * contextStride) + size || workspace.Length < WorkspaceLength(tokens, size))
        {
            throw new ArgumentException($"A span is too short for {tokens} tokens of {size} columns.", nameof(tokens));
        }
        if (Lanes512.IsAccelerated)
        {
            Attend<Lanes512>(queries, keys, values, stride, tokens, size, scale, context, contextStride, workspace, dropout);
        }
        else if (Lanes256.IsAccelerated)
        {
            Attend<Lanes256>(queries, keys, values, stride, tokens, size, scale, context, contextStride, workspace, dropout);
        }
        else if (Lanes128.IsAccelerated)
        {
            Attend<Lanes128>(queries, keys, values, stride, tokens, size, scale, context, contextStride, workspace, dropout);
        }
        else
        {
            AttendScalar(queries, keys, values, stride, tokens, size, scale, context, contextStride, workspace, dropout);
        }
    }

    internal static void AttendScalar(
        ReadOnlySpan<float> queries, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, int stride,
        int tokens, int size, float scale, Span<float> context, int contextStride, Span<float> workspace, AttentionDropout dropout)
    {
        var scores = workspace[..tokens];
        for (var row = 0; row < tokens; row++)
        {
            for (var i = 0; i < tokens; i++)
            {
                scores[i] = VectorMath.DotScalar(queries.Slice(row * stride, size), keys.Slice(i * stride, size)) * scale;
            }
            VectorMath.SoftmaxScalar(scores, 1f);
            dropout.Apply(scores, row);
            var to = context.Slice(row * contextStride, size);
            to.Clear();
            for (var i = 0; i < tokens; i++)
            {
                for (var column = 0; column < size; column++)
                {
                    to[column] += scores[i] * values[(i * stride) + column];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static unsafe void Attend<TLanes>(
        ReadOnlySpan<float> queries, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, int stride,
        int tokens, int size, float scale, Span<float> context, int contextStride, Span<float> workspace, AttentionDropout dropout)
        where TLanes : struct, ILanes<TLanes>
    {
        int padded = Padded(tokens), panel = 2 * TLanes.Width;
        var sums = stackalloc float[AttentionKernels.MaxRows];
        fixed (float* q = queries, k = keys, v = values, to = context, transposed = workspace)
        {
            var wide = Padded(size);
            var packed = transposed + (size * padded);
            var scores = packed + (tokens * wide);
            var edge = scores + (AttentionKernels.MaxRows * padded);
            AttentionPacking.Transpose(k, stride, tokens, size, transposed, padded);
            AttentionPacking.Pack(v, stride, tokens, size, packed, wide);
            for (int row = 0, rows; row < tokens; row += rows)
            {
                rows = AttentionKernels.RowsAtOnce<TLanes>(tokens - row);
                for (var column = 0; column < tokens; column += panel)
                {
                    AttentionKernels.Run<TLanes>(rows, q + ((long)row * stride), stride, transposed + column, padded, scores + column, padded, size);
                }
                for (var i = 0; i < rows; i++)
                {
                    sums[i] = SoftmaxNumerators<TLanes>(scores + (i * padded), tokens, padded, scale);
                    dropout.Apply(new Span<float>(scores + (i * padded), tokens), row + i);
                }
                for (var column = 0; column < size; column += panel)
                {
                    AttentionKernels.Run<TLanes>(rows, scores, padded, packed + column, wide, edge, panel, tokens);
                    var columns = Math.Min(panel, size - column);
                    for (var i = 0; columns == panel && i < rows; i++)
                    {
                        ref var row0 = ref to[((long)(row + i) * contextStride) + column];
                        var factor = TLanes.Splat(1 / sums[i]);
                        TLanes.Store(TLanes.Load(ref edge[i * panel], 0) * factor, ref row0, 0);
                        TLanes.Store(TLanes.Load(ref edge[i * panel], (nuint)TLanes.Width) * factor, ref row0, (nuint)TLanes.Width);
                    }
                    for (var i = 0; columns < panel && i < rows; i++)
                    {
                        var part = new Span<float>(edge + (i * panel), columns);
                        VectorMath.Scale<TLanes>(part, 1 / sums[i]);
                        part.CopyTo(new Span<float>(to + ((long)(row + i) * contextStride) + column, columns));
                    }
                }
            }
        }
    }

    /// <summary>Replaces each value by e^(scale · (value − the largest)) and returns their sum; those past the tokens become next to nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe float SoftmaxNumerators<TLanes>(float* values, int tokens, int padded, float scale)
        where TLanes : struct, ILanes<TLanes>
    {
        for (var i = tokens; i < padded; i++)
        {
            values[i] = float.NegativeInfinity;
        }
        var width = TLanes.Width;
        var end = (tokens + width - 1) / width * width;
        var highest = TLanes.Load(ref *values, 0);
        for (var i = width; i < end; i += width)
        {
            highest = TLanes.Max(highest, TLanes.Load(ref *values, (nuint)i));
        }
        TLanes most = TLanes.Splat(TLanes.Highest(highest)), factor = TLanes.Splat(scale * Exponential.Log2OfE), sums = default;
        for (var i = 0; i < end; i += width)
        {
            var power = Exponential.OfTwo((TLanes.Load(ref *values, (nuint)i) - most) * factor);
            TLanes.Store(power, ref *values, (nuint)i);
            sums += power;
        }
        return TLanes.Sum(sums);
    }

    internal static int Padded(int tokens) => (tokens + MarginFloats - 1) / MarginFloats * MarginFloats;
}
