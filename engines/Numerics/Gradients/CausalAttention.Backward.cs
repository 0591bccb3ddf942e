using System.Runtime.CompilerServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Gradients;

public static unsafe partial class CausalAttention
{
    /// <summary>Overwrites the gradients of the heads' queries, of their keys and of their values.</summary>
    /// <param name="queries">As in the forward pass.</param>
    /// <param name="keys">As in the forward pass.</param>
    /// <param name="values">As in the forward pass.</param>
    /// <param name="stride">Distance between rows of the three, and of their gradients.</param>
    /// <param name="shape">As in the forward pass.</param>
    /// <param name="context">What the forward pass gave.</param>
    /// <param name="contextGradient">As the context.</param>
    /// <param name="contextStride">Distance between rows of both.</param>
    /// <param name="logSums">What the forward pass gave.</param>
    /// <param name="queryGradient">As the queries.</param>
    /// <param name="keyGradient">As the keys.</param>
    /// <param name="valueGradient">As the values.</param>
    /// <param name="workspace">At least the shape's length; its content does not matter.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Backward(
        ReadOnlySpan<float> queries, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, int stride, in CausalAttentionShape shape,
        ReadOnlySpan<float> context, ReadOnlySpan<float> contextGradient, int contextStride, ReadOnlySpan<float> logSums,
        Span<float> queryGradient, Span<float> keyGradient, Span<float> valueGradient, Span<float> workspace)
    {
        shape.Check(queries.Length, Math.Min(keys.Length, values.Length), stride, workspace.Length);
        shape.Check(queryGradient.Length, Math.Min(keyGradient.Length, valueGradient.Length), stride, workspace.Length);
        shape.Check(Math.Min(context.Length, contextGradient.Length), int.MaxValue, contextStride, workspace.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(logSums.Length, shape.Group * shape.Tokens, nameof(logSums));
        var sources = new Sources(queries, keys, values, stride, context, contextGradient, contextStride, logSums);
        if (Lanes512.IsAccelerated)
        {
            Backward<Lanes512>(sources, shape, queryGradient, keyGradient, valueGradient, workspace);
        }
        else if (Lanes256.IsAccelerated)
        {
            Backward<Lanes256>(sources, shape, queryGradient, keyGradient, valueGradient, workspace);
        }
        else if (Lanes128.IsAccelerated)
        {
            Backward<Lanes128>(sources, shape, queryGradient, keyGradient, valueGradient, workspace);
        }
        else
        {
            BackwardScalar(sources, shape, queryGradient, keyGradient, valueGradient);
        }
    }

    internal static void BackwardScalar(
        Sources from, in CausalAttentionShape shape, Span<float> queryGradient, Span<float> keyGradient, Span<float> valueGradient)
    {
        var (size, stride) = (shape.Size, from.Stride);
        for (var row = 0; row < shape.Tokens; row++)
        {
            queryGradient.Slice(row * stride, shape.Group * size).Clear();
            keyGradient.Slice(row * stride, size).Clear();
            valueGradient.Slice(row * stride, size).Clear();
        }
        for (var head = 0; head < shape.Group; head++)
        {
            for (var row = 0; row < shape.Tokens; row++)
            {
                var (at, contextAt) = (row * stride + head * size, row * from.ContextStride + head * size);
                var gradient = from.ContextGradient.Slice(contextAt, size);
                var mean = VectorMath.DotScalar(gradient, from.Context.Slice(contextAt, size));
                for (var i = 0; i <= row; i++)
                {
                    var score = shape.Scale * VectorMath.DotScalar(from.Queries.Slice(at, size), from.Keys.Slice(i * stride, size));
                    var weight = MathF.Exp(score - from.LogSums[head * shape.Tokens + row]);
                    var slope = shape.Scale * weight * (VectorMath.DotScalar(gradient, from.Values.Slice(i * stride, size)) - mean);
                    VectorMath.AddScaledScalar(valueGradient.Slice(i * stride, size), weight, gradient);
                    VectorMath.AddScaledScalar(queryGradient.Slice(at, size), slope, from.Keys.Slice(i * stride, size));
                    VectorMath.AddScaledScalar(keyGradient.Slice(i * stride, size), slope, from.Queries.Slice(at, size));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Backward<TLanes>(
        Sources from, in CausalAttentionShape shape, Span<float> queryGradient, Span<float> keyGradient, Span<float> valueGradient, Span<float> workspace)
        where TLanes : struct, ILanes<TLanes>
    {
        int tokens = shape.Tokens, size = shape.Size, padded = shape.PaddedTokens, wide = shape.PaddedSize;
        fixed (float* q = from.Queries, k = from.Keys, v = from.Values, gradient = from.ContextGradient, to = queryGradient, space = workspace)
        {
            var room = new Workspace(space, shape);
            AttentionPacking.Transpose(k, from.Stride, tokens, size, room.KeysTransposed, padded);
            AttentionPacking.Transpose(v, from.Stride, tokens, size, room.ValuesTransposed, padded);
            AttentionPacking.Pack(k, from.Stride, tokens, size, room.Keys, wide);
            new Span<float>(room.KeyGradient, tokens * wide).Clear();
            new Span<float>(room.ValueGradient, tokens * wide).Clear();
            for (var head = 0; head < shape.Group; head++)
            {
                for (var row = 0; row < tokens; row += CausalAttentionShape.BlockRows)
                {
                    var rows = Math.Min(CausalAttentionShape.BlockRows, tokens - row);
                    float* blockQ = q + ((long)row * from.Stride) + (head * size), blockGradient = gradient + ((long)row * from.ContextStride) + (head * size);
                    AttentionPacking.Pack(blockQ, from.Stride, rows, size, room.Queries, wide);
                    AttentionPacking.Pack(blockGradient, from.ContextStride, rows, size, room.ContextGradient, wide);
                    Product<TLanes>(room.Queries, wide, room.KeysTransposed, padded, room.Weights, padded, rows, row + rows, size);
                    Product<TLanes>(room.ContextGradient, wide, room.ValuesTransposed, padded, room.Slopes, padded, rows, row + rows, size);
                    for (var i = 0; i < rows; i++)
                    {
                        var at = ((row + i) * from.ContextStride) + (head * size);
                        var mean = VectorMath.Dot<TLanes>(from.Context.Slice(at, size), from.ContextGradient.Slice(at, size));
                        Soften<TLanes>(
                            room.Weights + ((long)i * padded), room.Slopes + ((long)i * padded), row + i + 1, row + rows,
                            shape.Scale, from.LogSums[(head * tokens) + row + i], mean);
                    }
                    Outer<TLanes>(room.Weights, padded, room.ContextGradient, rows, room.ValueGradient, row + rows, wide);
                    Outer<TLanes>(room.Slopes, padded, room.Queries, rows, room.KeyGradient, row + rows, wide);
                    // The queries are used up: their gradient takes their place.
                    Product<TLanes>(room.Slopes, padded, room.Keys, wide, room.Queries, wide, rows, size, row + rows);
                    Unpack(room.Queries, wide, new Span<float>(to + ((long)row * from.Stride) + (head * size), ((rows - 1) * from.Stride) + size), from.Stride, rows, size);
                }
            }
            Unpack(room.KeyGradient, wide, keyGradient, from.Stride, tokens, size);
            Unpack(room.ValueGradient, wide, valueGradient, from.Stride, tokens, size);
        }
    }

    /// <summary>C[rows, columns] = A[rows, depth]·B[depth, columns]; columns are done up to a multiple of two registers.</summary>
    private static void Product<TLanes>(float* a, int aStride, float* b, int bStride, float* c, int cStride, int rows, int columns, int depth)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int row = 0, height; row < rows; row += height)
        {
            height = AttentionKernels.RowsAtOnce<TLanes>(rows - row);
            for (var column = 0; column < columns; column += 2 * TLanes.Width)
            {
                AttentionKernels.Run<TLanes>(
                    height, a + ((long)row * aStride), aStride, b + column, bStride, c + ((long)row * cStride) + column, cStride, depth);
            }
        }
    }

    /// <summary>C[columns of A, wide] += Aᵀ·B over the block's rows.</summary>
    private static void Outer<TLanes>(float* a, int aStride, float* b, int rows, float* c, int aColumns, int wide)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int i = 0, done; i < aColumns; i += done)
        {
            done = 0;
            for (var column = 0; column < wide; column += 2 * TLanes.Width)
            {
                done = OuterKernels.Run<TLanes>(a + i, aStride, b + column, wide, rows, c + ((long)i * wide) + column, wide, aColumns - i);
            }
        }
    }

    /// <summary>Scores become weights, and the weights' gradients the scores'; those of tokens that are not seen become 0.</summary>
    private static void Soften<TLanes>(float* weights, float* slopes, int visible, int seen, float scale, float logSum, float mean)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes scales = TLanes.Splat(scale), logSums = TLanes.Splat(logSum), means = TLanes.Splat(mean);
        for (var i = 0; i < visible; i += TLanes.Width)
        {
            // Rows are padded: what is done beyond the visible is cleared below.
            var weight = Exponential.Of((TLanes.Load(ref weights[i], 0) * scales) - logSums);
            TLanes.Store(weight, ref weights[i], 0);
            TLanes.Store(weight * scales * (TLanes.Load(ref slopes[i], 0) - means), ref slopes[i], 0);
        }
        new Span<float>(weights + visible, seen - visible).Clear();
        new Span<float>(slopes + visible, seen - visible).Clear();
    }

    private static void Unpack(float* from, int wide, Span<float> to, int stride, int rows, int size)
    {
        for (var row = 0; row < rows; row++)
        {
            new ReadOnlySpan<float>(from + ((long)row * wide), size).CopyTo(to.Slice(row * stride, size));
        }
    }

    /// <summary>What the backward pass reads.</summary>
    internal readonly ref struct Sources(
        ReadOnlySpan<float> queries, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, int stride,
        ReadOnlySpan<float> context, ReadOnlySpan<float> contextGradient, int contextStride, ReadOnlySpan<float> logSums)
    {
        public readonly ReadOnlySpan<float> Queries = queries;
        public readonly ReadOnlySpan<float> Keys = keys;
        public readonly ReadOnlySpan<float> Values = values;
        public readonly int Stride = stride;
        public readonly ReadOnlySpan<float> Context = context;
        public readonly ReadOnlySpan<float> ContextGradient = contextGradient;
        public readonly int ContextStride = contextStride;
        public readonly ReadOnlySpan<float> LogSums = logSums;
    }

    /// <summary>The backward pass's parts of the workspace.</summary>
    private readonly struct Workspace(float* start, in CausalAttentionShape shape)
    {
        private readonly float* start = start;
        private readonly long turned = (long)shape.Size * shape.PaddedTokens;
        private readonly long straight = (long)shape.Tokens * shape.PaddedSize;
        private readonly long weights = (long)CausalAttentionShape.BlockRows * shape.PaddedTokens;
        private readonly long block = (long)CausalAttentionShape.BlockRows * shape.PaddedSize;

        public float* KeysTransposed => start;

        public float* ValuesTransposed => start + turned;

        public float* Keys => start + (2 * turned);

        public float* KeyGradient => Keys + straight;

        public float* ValueGradient => KeyGradient + straight;

        public float* Weights => ValueGradient + straight;

        public float* Slopes => Weights + weights;

        public float* Queries => Slopes + weights;

        public float* ContextGradient => Queries + block;
    }
}
