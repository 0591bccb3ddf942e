using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Attention;

/// <summary>
/// Causal attention of one query head over a <see cref="KeyValueCache"/>: softmax(q·Kᵀ·scale)·V over the positions up
/// to each query's own. Keys are taken in blocks with a running maximum and sum (Milakov and Gimelshein 2018,
/// arXiv:1805.02867), so that scratch does not grow with the text. On one machine a query's result does not depend on
/// the queries beside it.
/// </summary>
public static unsafe class CachedAttention
{
    /// <summary>Most queries at a time: what keeps their scores in the second cache.</summary>
    public const int MaxRows = 32;

    /// <summary>A multiple of every panel's width.</summary>
    private const int KeyBlock = 384;

    /// <summary>Floats of scratch that a thread needs.</summary>
    public const int ScratchLength = MaxRows * (KeyBlock + 2);

    /// <param name="queries">Row r, headSize long, starts at r·queryStride.</param>
    /// <param name="queryStride">At least headSize.</param>
    /// <param name="rows">At most <see cref="MaxRows"/>; of consecutive positions.</param>
    /// <param name="firstPosition">Position of row 0; all up to the last row's are in the cache.</param>
    /// <param name="cache">Keys and values.</param>
    /// <param name="keyHead">Which of the cache's heads this query head reads.</param>
    /// <param name="scale">Factor on the scores; above 0.</param>
    /// <param name="context">Overwritten: row r, headSize long, starts at r·contextStride.</param>
    /// <param name="contextStride">At least headSize.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/>; one thread's own.</param>
    public static void Attend(
        ReadOnlySpan<float> queries, int queryStride, int rows, int firstPosition, KeyValueCache cache, int keyHead,
        float scale, Span<float> context, int contextStride, Span<float> scratch)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, MaxRows);
        ArgumentOutOfRangeException.ThrowIfNegative(firstPosition);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstPosition, cache.Capacity - rows);
        ArgumentOutOfRangeException.ThrowIfNegative(keyHead);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(keyHead, cache.Heads);
        ArgumentOutOfRangeException.ThrowIfLessThan(queryStride, cache.HeadSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(contextStride, cache.HeadSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(scratch.Length, ScratchLength, nameof(scratch));
        MatrixMultiply.ThrowIfShort(queries.Length, rows, queryStride, cache.HeadSize, nameof(queries));
        MatrixMultiply.ThrowIfShort(context.Length, rows, contextStride, cache.HeadSize, nameof(context));

        for (var row = 0; row < rows; row++)
        {
            context.Slice(row * contextStride, cache.HeadSize).Clear();
        }
        var highest = scratch.Slice(MaxRows * KeyBlock, rows);
        var sums = scratch.Slice(MaxRows * (KeyBlock + 1), rows);
        highest.Fill(float.NegativeInfinity);
        sums.Clear();
        var keys = firstPosition + rows;
        fixed (float* q = queries, c = context, s = scratch)
        {
            for (var from = 0; from < keys; from += KeyBlock)
            {
                var count = Math.Min(KeyBlock, keys - from);
                // Rows whose position lies before the block see none of it; they come first.
                var skipped = Math.Max(0, from - firstPosition);
                var seeing = rows - skipped;
                var scores = s + skipped * KeyBlock;
                Score(q + (long)skipped * queryStride, queryStride, seeing, cache, keyHead, from, count, scores);
                for (var row = skipped; row < rows; row++)
                {
                    var visible = Math.Min(count, firstPosition + row + 1 - from);
                    var rowScores = scratch.Slice(row * KeyBlock, count);
                    rowScores[visible..].Clear();
                    Absorb(rowScores[..visible], scale, ref highest[row], ref sums[row], context.Slice(row * contextStride, cache.HeadSize));
                }
                Gather(scores, seeing, cache, keyHead, from, count, c + (long)skipped * contextStride, contextStride);
            }
        }
        for (var row = 0; row < rows; row++)
        {
            VectorMath.Scale(context.Slice(row * contextStride, cache.HeadSize), 1 / sums[row]);
        }
    }

    /// <summary>Makes exponentials of scores, and brings the row's sum and context to the new maximum.</summary>
    private static void Absorb(Span<float> scores, float scale, ref float highest, ref float sum, Span<float> context)
    {
        var before = highest;
        highest = MathF.Max(before, VectorMath.Highest(scores));
        if (before > float.NegativeInfinity && highest > before)
        {
            var correction = MathF.Exp((before - highest) * scale);
            sum *= correction;
            VectorMath.Scale(context, correction);
        }
        sum += VectorMath.Exponentials(scores, highest, scale);
    }

    private static void Score(
        float* queries, int queryStride, int rows, KeyValueCache cache, int head, int from, int count, float* scores)
    {
        for (var at = 0; at < count; at += cache.PanelWidth)
        {
            fixed (float* panel = &cache.Keys(head, (from + at) / cache.PanelWidth))
            {
                for (int row = 0, height; row < rows; row += height)
                {
                    height = ScorePanel(
                        queries + (long)row * queryStride, queryStride, panel, cache, scores + row * KeyBlock + at, rows - row);
                }
            }
        }
    }

    private static int ScorePanel(float* q, int stride, float* panel, KeyValueCache cache, float* scores, int rows)
    {
        var size = cache.HeadSize;
        switch (cache.PanelWidth / 3)
        {
            case 16:
                return MultiplyKernels.Run<Lanes512>(q, stride, panel, scores, KeyBlock, size, rows, accumulate: false);
            case 8:
                return MultiplyKernels.Run<Lanes256>(q, stride, panel, scores, KeyBlock, size, rows, accumulate: false);
            case 4:
                return MultiplyKernels.Run<Lanes128>(q, stride, panel, scores, KeyBlock, size, rows, accumulate: false);
            default:
                *scores = VectorMath.DotScalar(new ReadOnlySpan<float>(q, size), new ReadOnlySpan<float>(panel, size));
                return 1;
        }
    }

    private static void Gather(
        float* weights, int rows, KeyValueCache cache, int head, int from, int count, float* context, int contextStride)
    {
        fixed (float* values = &cache.Values(head, from))
        {
            var sum = new WeightedSum(weights, KeyBlock, values, cache.HeadSize, count, context, contextStride, rows);
            switch (cache.PanelWidth / 3)
            {
                case 16:
                    sum.Add<Lanes512>();
                    break;
                case 8:
                    sum.Add<Lanes256>();
                    break;
                case 4:
                    sum.Add<Lanes128>();
                    break;
                default:
                    sum.AddScalar();
                    break;
            }
        }
    }
}
