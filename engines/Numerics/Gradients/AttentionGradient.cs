using System.Runtime.CompilerServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Gradients;

/// <summary>
/// The gradient of <see cref="AttentionHead"/>. The weights P = softmax(scale·Q·Kᵀ) are computed again, a block of queries at
/// a time (Dao et al. 2022, arXiv:2205.14135), so that nothing of [tokens, tokens] is kept from the forward pass. With M the
/// dropout and dC what comes to the context: dV = (P∘M)ᵀ·dC, dP = (dC·Vᵀ)∘M, dS = scale·P∘(dP − rowsum(dP∘P)), dQ = dS·K, dK = dSᵀ·Q.
/// </summary>
public static class AttentionGradient
{
    private const int RowBlock = 64;

    /// <summary>Length of the workspace for so many tokens.</summary>
    public static int WorkspaceLength(int tokens, int size)
    {
        int padded = AttentionHead.Padded(tokens), wide = AttentionHead.Padded(size);
        return checked((5 * padded * wide) + (2 * size * padded) + (3 * RowBlock * padded) + (AttentionKernels.MaxRows * AttentionHead.MarginFloats));
    }

    /// <summary>Overwrites the gradients of the head's queries, keys and values.</summary>
    /// <param name="queries">Row t at t·stride, of <paramref name="size"/> columns.</param>
    /// <param name="keys">As the queries.</param>
    /// <param name="values">As the queries.</param>
    /// <param name="stride">Distance between rows of the three and of their gradients; at least <paramref name="size"/>.</param>
    /// <param name="tokens">Rows; at least 1.</param>
    /// <param name="size">The head's columns; at least 1.</param>
    /// <param name="scale">As in the forward pass.</param>
    /// <param name="contextGradient">dC, row t at t·contextStride.</param>
    /// <param name="contextStride">At least <paramref name="size"/>.</param>
    /// <param name="queryGradient">May be the queries themselves.</param>
    /// <param name="keyGradient">May be the keys themselves.</param>
    /// <param name="valueGradient">May be the values themselves.</param>
    /// <param name="workspace">At least <see cref="WorkspaceLength"/>; its content does not matter.</param>
    /// <param name="dropout">As in the forward pass.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Apply(
        ReadOnlySpan<float> queries, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, int stride, int tokens, int size, float scale,
        ReadOnlySpan<float> contextGradient, int contextStride,
        Span<float> queryGradient, Span<float> keyGradient, Span<float> valueGradient, Span<float> workspace, AttentionDropout dropout)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tokens);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, size);
        ArgumentOutOfRangeException.ThrowIfLessThan(contextStride, size);
        var needed = ((long)(tokens - 1) * stride) + size;
        if (queries.Length < needed || keys.Length < needed || values.Length < needed
            || queryGradient.Length < needed || keyGradient.Length < needed || valueGradient.Length < needed
            || contextGradient.Length < ((long)(tokens - 1) * contextStride) + size || workspace.Length < WorkspaceLength(tokens, size))
        {
            throw new ArgumentException($"A span is too short for {tokens} tokens of {size} columns.", nameof(tokens));
        }
        if (Lanes512.IsAccelerated)
        {
            Apply<Lanes512>(queries, keys, values, stride, tokens, size, scale, contextGradient, contextStride, queryGradient, keyGradient, valueGradient, workspace, dropout);
        }
        else if (Lanes256.IsAccelerated)
        {
            Apply<Lanes256>(queries, keys, values, stride, tokens, size, scale, contextGradient, contextStride, queryGradient, keyGradient, valueGradient, workspace, dropout);
        }
        else
        {
            // Without SIMD of its own a machine still runs these: they are written over four lanes.
            Apply<Lanes128>(queries, keys, values, stride, tokens, size, scale, contextGradient, contextStride, queryGradient, keyGradient, valueGradient, workspace, dropout);
        }
    }

    internal static unsafe void Apply<TLanes>(
        ReadOnlySpan<float> queries, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, int stride, int tokens, int size, float scale,
        ReadOnlySpan<float> contextGradient, int contextStride,
        Span<float> queryGradient, Span<float> keyGradient, Span<float> valueGradient, Span<float> workspace, AttentionDropout dropout)
        where TLanes : struct, ILanes<TLanes>
    {
        int padded = AttentionHead.Padded(tokens), wide = AttentionHead.Padded(size);
        fixed (float* q0 = queries, k0 = keys, v0 = values, dc0 = contextGradient, dq0 = queryGradient, dk0 = keyGradient, dv0 = valueGradient, room = workspace)
        {
            var q = room;
            var k = q + ((long)padded * wide);
            var dc = k + ((long)padded * wide);
            var dk = dc + ((long)padded * wide);
            var dv = dk + ((long)padded * wide);
            var keysTurned = dv + ((long)padded * wide);
            var valuesTurned = keysTurned + ((long)size * padded);
            var weights = valuesTurned + ((long)size * padded);
            var scores = weights + (RowBlock * (long)padded);
            var dropped = scores + (RowBlock * (long)padded);
            var edge = dropped + (RowBlock * (long)padded);
            AttentionPacking.Pack(q0, stride, tokens, size, q, wide);
            AttentionPacking.Pack(k0, stride, tokens, size, k, wide);
            AttentionPacking.Pack(dc0, contextStride, tokens, size, dc, wide);
            AttentionPacking.Transpose(k0, stride, tokens, size, keysTurned, padded);
            AttentionPacking.Transpose(v0, stride, tokens, size, valuesTurned, padded);
            new Span<float>(dk, 2 * padded * wide).Clear();
            for (var first = 0; first < tokens; first += RowBlock)
            {
                var rows = Math.Min(RowBlock, tokens - first);
                Product<TLanes>(q + ((long)first * wide), wide, keysTurned, padded, weights, rows, tokens, size);
                Product<TLanes>(dc + ((long)first * wide), wide, valuesTurned, padded, scores, rows, tokens, size);
                for (var row = 0; row < rows; row++)
                {
                    Softmax<TLanes>(weights + ((long)row * padded), scores + ((long)row * padded), dropped + ((long)row * padded), tokens, padded, scale, dropout, first + row);
                }
                var used = dropout.Probability > 0 ? dropped : weights;
                for (var column = 0; column < size; column += 2 * TLanes.Width)
                {
                    AddOuter<TLanes>(used, padded, dc + ((long)first * wide) + column, wide, dv + column, rows, tokens);
                    AddOuter<TLanes>(scores, padded, q + ((long)first * wide) + column, wide, dk + column, rows, tokens);
                }
                Gather<TLanes>(scores, padded, k, wide, dq0 + ((long)first * stride), stride, rows, tokens, size, edge);
            }
            for (var token = 0; token < tokens; token++)
            {
                new ReadOnlySpan<float>(dk + ((long)token * wide), size).CopyTo(new Span<float>(dk0 + ((long)token * stride), size));
                new ReadOnlySpan<float>(dv + ((long)token * wide), size).CopyTo(new Span<float>(dv0 + ((long)token * stride), size));
            }
        }
    }

    /// <summary>C[rows, padded] = A[rows, size]·B[size, padded].</summary>
    private static unsafe void Product<TLanes>(float* a, int wide, float* b, int padded, float* c, int rows, int tokens, int size)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int row = 0, height; row < rows; row += height)
        {
            height = AttentionKernels.RowsAtOnce<TLanes>(rows - row);
            for (var column = 0; column < tokens; column += 2 * TLanes.Width)
            {
                AttentionKernels.Run<TLanes>(height, a + ((long)row * wide), wide, b + column, padded, c + ((long)row * padded) + column, padded, size);
            }
        }
    }

    /// <summary>C[tokens, 2 registers] += A[rows, tokens]ᵀ·B[rows, 2 registers].</summary>
    private static unsafe void AddOuter<TLanes>(float* a, int padded, float* b, int wide, float* c, int rows, int tokens)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int token = 0, done; token < tokens; token += done)
        {
            done = OuterKernels.Run<TLanes>(a + token, padded, b, wide, rows, c + ((long)token * wide), wide, tokens - token);
        }
    }

    /// <summary>C[rows, size] = A[rows, tokens]·B[tokens, size].</summary>
    private static unsafe void Gather<TLanes>(float* a, int padded, float* b, int wide, float* c, int cStride, int rows, int tokens, int size, float* edge)
        where TLanes : struct, ILanes<TLanes>
    {
        var panel = 2 * TLanes.Width;
        for (int row = 0, height; row < rows; row += height)
        {
            height = AttentionKernels.RowsAtOnce<TLanes>(rows - row);
            for (var column = 0; column < size; column += panel)
            {
                AttentionKernels.Run<TLanes>(height, a + ((long)row * padded), padded, b + column, wide, edge, panel, tokens);
                MatrixMultiply.CopyEdge(edge, panel, c + ((long)row * cStride) + column, cStride, height, Math.Min(panel, size - column), accumulate: false);
            }
        }
    }

    /// <summary>One query's scores become its weights, and its dC·Vᵀ becomes dS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Softmax<TLanes>(
        float* weights, float* gradient, float* dropped, int tokens, int padded, float scale, AttentionDropout dropout, int row)
        where TLanes : struct, ILanes<TLanes>
    {
        var sum = AttentionHead.SoftmaxNumerators<TLanes>(weights, tokens, padded, scale);
        new Span<float>(weights + tokens, padded - tokens).Clear();
        new Span<float>(gradient + tokens, padded - tokens).Clear();
        if (dropout.Probability > 0)
        {
            new ReadOnlySpan<float>(weights, padded).CopyTo(new Span<float>(dropped, padded));
            VectorMath.Scale<TLanes>(new Span<float>(dropped, tokens), 1 / sum);
            dropout.Apply(new Span<float>(dropped, tokens), row);
            dropout.Apply(new Span<float>(gradient, tokens), row);
        }
        TLanes factor = TLanes.Splat(1 / sum), products = default;
        for (nuint i = 0; i < (nuint)padded; i += (nuint)TLanes.Width)
        {
            var weight = TLanes.Load(ref *weights, i) * factor;
            TLanes.Store(weight, ref *weights, i);
            products = TLanes.MultiplyAdd(weight, TLanes.Load(ref *gradient, i), products);
        }
        TLanes mean = TLanes.Splat(TLanes.Sum(products)), scales = TLanes.Splat(scale);
        for (nuint i = 0; i < (nuint)padded; i += (nuint)TLanes.Width)
        {
            TLanes.Store(TLanes.Load(ref *weights, i) * (TLanes.Load(ref *gradient, i) - mean) * scales, ref *gradient, i);
        }
    }
}
