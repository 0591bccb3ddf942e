using System.Runtime.CompilerServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

/// <summary>
/// A few rows of A by two registers' width of columns of a B that lies row by row: attention's products, whose B is used
/// once and not worth packing. Unrolled by hand as <see cref="MultiplyKernels"/> are.
/// </summary>
internal static unsafe class AttentionKernels
{
    /// <summary>Most rows that <see cref="Run"/> does at once.</summary>
    public const int MaxRows = 8;

    /// <summary>Overwrites C[rows, 2 registers] with A[rows, depth]·B[depth, 2 registers]; rows is 8, 4 or 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TLanes>(int rows, float* a, nint aStride, float* b, nint bStride, float* c, nint cStride, int depth)
        where TLanes : struct, ILanes<TLanes>
    {
        switch (rows)
        {
            case 8:
                Rows8<TLanes>(a, aStride, b, bStride, c, cStride, depth);
                break;
            case 4:
                Rows4<TLanes>(a, aStride, b, bStride, c, cStride, depth);
                break;
            default:
                Row1<TLanes>(a, b, bStride, c, depth);
                break;
        }
    }

    /// <summary>How many of the rows left are done next: AVX2 has 16 registers, AVX-512 and Neon have 32.</summary>
    public static int RowsAtOnce<TLanes>(int rowsLeft)
        where TLanes : struct, ILanes<TLanes> =>
        rowsLeft >= 8 && TLanes.Width != Lanes256.Width ? 8 : rowsLeft >= 4 ? 4 : 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows8<TLanes>(float* a, nint aStride, float* b, nint bStride, float* c, nint cStride, int depth)
        where TLanes : struct, ILanes<TLanes>
    {
        nuint width = (nuint)TLanes.Width;
        float* a1 = a + aStride, a2 = a1 + aStride, a3 = a2 + aStride, a4 = a3 + aStride, a5 = a4 + aStride, a6 = a5 + aStride, a7 = a6 + aStride;
        TLanes x0 = default, y0 = default, x1 = default, y1 = default, x2 = default, y2 = default, x3 = default, y3 = default;
        TLanes x4 = default, y4 = default, x5 = default, y5 = default, x6 = default, y6 = default, x7 = default, y7 = default;
        for (nint k = 0; k < depth; k++, b += bStride)
        {
            TLanes x = TLanes.Load(ref *b, 0), y = TLanes.Load(ref *b, width);
            var s0 = TLanes.Splat(a[k]);
            x0 = TLanes.MultiplyAdd(s0, x, x0);
            y0 = TLanes.MultiplyAdd(s0, y, y0);
            var s1 = TLanes.Splat(a1[k]);
            x1 = TLanes.MultiplyAdd(s1, x, x1);
            y1 = TLanes.MultiplyAdd(s1, y, y1);
            var s2 = TLanes.Splat(a2[k]);
            x2 = TLanes.MultiplyAdd(s2, x, x2);
            y2 = TLanes.MultiplyAdd(s2, y, y2);
            var s3 = TLanes.Splat(a3[k]);
            x3 = TLanes.MultiplyAdd(s3, x, x3);
            y3 = TLanes.MultiplyAdd(s3, y, y3);
            var s4 = TLanes.Splat(a4[k]);
            x4 = TLanes.MultiplyAdd(s4, x, x4);
            y4 = TLanes.MultiplyAdd(s4, y, y4);
            var s5 = TLanes.Splat(a5[k]);
            x5 = TLanes.MultiplyAdd(s5, x, x5);
            y5 = TLanes.MultiplyAdd(s5, y, y5);
            var s6 = TLanes.Splat(a6[k]);
            x6 = TLanes.MultiplyAdd(s6, x, x6);
            y6 = TLanes.MultiplyAdd(s6, y, y6);
            var s7 = TLanes.Splat(a7[k]);
            x7 = TLanes.MultiplyAdd(s7, x, x7);
            y7 = TLanes.MultiplyAdd(s7, y, y7);
        }
        Store(x0, y0, c);
        Store(x1, y1, c + cStride);
        Store(x2, y2, c + (2 * cStride));
        Store(x3, y3, c + (3 * cStride));
        Store(x4, y4, c + (4 * cStride));
        Store(x5, y5, c + (5 * cStride));
        Store(x6, y6, c + (6 * cStride));
        Store(x7, y7, c + (7 * cStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows4<TLanes>(float* a, nint aStride, float* b, nint bStride, float* c, nint cStride, int depth)
        where TLanes : struct, ILanes<TLanes>
    {
        nuint width = (nuint)TLanes.Width;
        float* a1 = a + aStride, a2 = a1 + aStride, a3 = a2 + aStride;
        TLanes x0 = default, y0 = default, x1 = default, y1 = default, x2 = default, y2 = default, x3 = default, y3 = default;
        for (nint k = 0; k < depth; k++, b += bStride)
        {
            TLanes x = TLanes.Load(ref *b, 0), y = TLanes.Load(ref *b, width);
            var s0 = TLanes.Splat(a[k]);
            x0 = TLanes.MultiplyAdd(s0, x, x0);
            y0 = TLanes.MultiplyAdd(s0, y, y0);
            var s1 = TLanes.Splat(a1[k]);
            x1 = TLanes.MultiplyAdd(s1, x, x1);
            y1 = TLanes.MultiplyAdd(s1, y, y1);
            var s2 = TLanes.Splat(a2[k]);
            x2 = TLanes.MultiplyAdd(s2, x, x2);
            y2 = TLanes.MultiplyAdd(s2, y, y2);
            var s3 = TLanes.Splat(a3[k]);
            x3 = TLanes.MultiplyAdd(s3, x, x3);
            y3 = TLanes.MultiplyAdd(s3, y, y3);
        }
        Store(x0, y0, c);
        Store(x1, y1, c + cStride);
        Store(x2, y2, c + (2 * cStride));
        Store(x3, y3, c + (3 * cStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Row1<TLanes>(float* a, float* b, nint bStride, float* c, int depth)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes x0 = default, y0 = default;
        for (nint k = 0; k < depth; k++, b += bStride)
        {
            var s0 = TLanes.Splat(a[k]);
            x0 = TLanes.MultiplyAdd(s0, TLanes.Load(ref *b, 0), x0);
            y0 = TLanes.MultiplyAdd(s0, TLanes.Load(ref *b, (nuint)TLanes.Width), y0);
        }
        Store(x0, y0, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TLanes>(TLanes x, TLanes y, float* c)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes.Store(x, ref *c, 0);
        TLanes.Store(y, ref *c, (nuint)TLanes.Width);
    }
}
