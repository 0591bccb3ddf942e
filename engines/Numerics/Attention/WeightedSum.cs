using System.Runtime.CompilerServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Attention;

/// <summary>C[rows, size] += P[rows, depth]·V[depth, size]: what attention gathers of values. Each element is summed in V's order.</summary>
internal readonly unsafe struct WeightedSum(
    float* p, int pStride, float* v, int size, int depth, float* c, int cStride, int rows)
{
    private readonly float* p = p;
    private readonly float* v = v;
    private readonly float* c = c;

    public void Add<TLanes>()
        where TLanes : struct, ILanes<TLanes>
    {
        int column = 0, width = TLanes.Width;
        for (; column + 2 * width <= size; column += 2 * width)
        {
            var row = 0;
            for (; row + 4 <= rows; row += 4)
            {
                Tile4x2<TLanes>(p + (long)row * pStride, pStride, v + column, size, depth, c + (long)row * cStride + column, cStride);
            }
            for (; row < rows; row++)
            {
                Tile1x2<TLanes>(p + (long)row * pStride, v + column, size, depth, c + (long)row * cStride + column);
            }
        }
        for (; column + width <= size; column += width)
        {
            for (var row = 0; row < rows; row++)
            {
                Tile1x1<TLanes>(p + (long)row * pStride, v + column, size, depth, c + (long)row * cStride + column);
            }
        }
        AddScalar(column);
    }

    public void AddScalar(int fromColumn)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = fromColumn; column < size; column++)
            {
                var sum = 0f;
                for (var k = 0; k < depth; k++)
                {
                    sum += p[(long)row * pStride + k] * v[(long)k * size + column];
                }
                c[(long)row * cStride + column] += sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile4x2<TLanes>(float* p, nint pStride, float* v, nint size, nint depth, float* c, nint cStride)
        where TLanes : struct, ILanes<TLanes>
    {
        var width = (nuint)TLanes.Width;
        float* p1 = p + pStride, p2 = p1 + pStride, p3 = p2 + pStride;
        TLanes x0 = default, y0 = default, x1 = default, y1 = default, x2 = default, y2 = default, x3 = default, y3 = default;
        for (nint k = 0; k < depth; k++, v += size)
        {
            TLanes x = TLanes.Load(ref *v, 0), y = TLanes.Load(ref *v, width);
            var s0 = TLanes.Splat(p[k]);
            x0 = TLanes.MultiplyAdd(s0, x, x0);
            y0 = TLanes.MultiplyAdd(s0, y, y0);
            var s1 = TLanes.Splat(p1[k]);
            x1 = TLanes.MultiplyAdd(s1, x, x1);
            y1 = TLanes.MultiplyAdd(s1, y, y1);
            var s2 = TLanes.Splat(p2[k]);
            x2 = TLanes.MultiplyAdd(s2, x, x2);
            y2 = TLanes.MultiplyAdd(s2, y, y2);
            var s3 = TLanes.Splat(p3[k]);
            x3 = TLanes.MultiplyAdd(s3, x, x3);
            y3 = TLanes.MultiplyAdd(s3, y, y3);
        }
        AddTo(c, x0, y0);
        AddTo(c + cStride, x1, y1);
        AddTo(c + 2 * cStride, x2, y2);
        AddTo(c + 3 * cStride, x3, y3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile1x2<TLanes>(float* p, float* v, nint size, nint depth, float* c)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes x0 = default, y0 = default;
        for (nint k = 0; k < depth; k++, v += size)
        {
            var s0 = TLanes.Splat(p[k]);
            x0 = TLanes.MultiplyAdd(s0, TLanes.Load(ref *v, 0), x0);
            y0 = TLanes.MultiplyAdd(s0, TLanes.Load(ref *v, (nuint)TLanes.Width), y0);
        }
        AddTo(c, x0, y0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile1x1<TLanes>(float* p, float* v, nint size, nint depth, float* c)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes x0 = default;
        for (nint k = 0; k < depth; k++, v += size)
        {
            x0 = TLanes.MultiplyAdd(TLanes.Splat(p[k]), TLanes.Load(ref *v, 0), x0);
        }
        TLanes.Store(TLanes.Load(ref *c, 0) + x0, ref *c, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo<TLanes>(float* c, TLanes x, TLanes y)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes.Store(TLanes.Load(ref *c, 0) + x, ref *c, 0);
        TLanes.Store(TLanes.Load(ref *c, (nuint)TLanes.Width) + y, ref *c, (nuint)TLanes.Width);
    }
}
