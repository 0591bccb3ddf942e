using System.Runtime.CompilerServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

/// <summary>
/// A few rows of A by a panel's first register of columns: for products with few columns, such as a low-rank adapter's, which
/// <see cref="MultiplyKernels"/> would compute with two registers in three empty. The same additions in the same order.
/// </summary>
internal static unsafe class SlimKernels
{
    /// <summary>Overwrites C[rows, 1 register] with A·B for as many rows as go at once and the matrix has left; returns how many.</summary>
    public static int Run<TLanes>(float* a, nint aStride, float* b, nint bStride, float* c, nint cStride, int depth, int rowsLeft)
        where TLanes : struct, ILanes<TLanes>
    {
        if (rowsLeft >= 8)
        {
            Rows8<TLanes>(a, aStride, b, bStride, c, cStride, depth);
            return 8;
        }
        if (rowsLeft >= 4)
        {
            Rows4<TLanes>(a, aStride, b, bStride, c, cStride, depth);
            return 4;
        }
        Row1<TLanes>(a, b, bStride, c, depth);
        return 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows8<TLanes>(float* a, nint aStride, float* b, nint bStride, float* c, nint cStride, int depth)
        where TLanes : struct, ILanes<TLanes>
    {
        float* a1 = a + aStride, a2 = a1 + aStride, a3 = a2 + aStride, a4 = a3 + aStride, a5 = a4 + aStride, a6 = a5 + aStride, a7 = a6 + aStride;
        TLanes x0 = default, x1 = default, x2 = default, x3 = default, x4 = default, x5 = default, x6 = default, x7 = default;
        for (nint k = 0; k < depth; k++, b += bStride)
        {
            var x = TLanes.Load(ref *b, 0);
            x0 = TLanes.MultiplyAdd(TLanes.Splat(a[k]), x, x0);
            x1 = TLanes.MultiplyAdd(TLanes.Splat(a1[k]), x, x1);
            x2 = TLanes.MultiplyAdd(TLanes.Splat(a2[k]), x, x2);
            x3 = TLanes.MultiplyAdd(TLanes.Splat(a3[k]), x, x3);
            x4 = TLanes.MultiplyAdd(TLanes.Splat(a4[k]), x, x4);
            x5 = TLanes.MultiplyAdd(TLanes.Splat(a5[k]), x, x5);
            x6 = TLanes.MultiplyAdd(TLanes.Splat(a6[k]), x, x6);
            x7 = TLanes.MultiplyAdd(TLanes.Splat(a7[k]), x, x7);
        }
        TLanes.Store(x0, ref *c, 0);
        TLanes.Store(x1, ref c[cStride], 0);
        TLanes.Store(x2, ref c[2 * cStride], 0);
        TLanes.Store(x3, ref c[3 * cStride], 0);
        TLanes.Store(x4, ref c[4 * cStride], 0);
        TLanes.Store(x5, ref c[5 * cStride], 0);
        TLanes.Store(x6, ref c[6 * cStride], 0);
        TLanes.Store(x7, ref c[7 * cStride], 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows4<TLanes>(float* a, nint aStride, float* b, nint bStride, float* c, nint cStride, int depth)
        where TLanes : struct, ILanes<TLanes>
    {
        float* a1 = a + aStride, a2 = a1 + aStride, a3 = a2 + aStride;
        TLanes x0 = default, x1 = default, x2 = default, x3 = default;
        for (nint k = 0; k < depth; k++, b += bStride)
        {
            var x = TLanes.Load(ref *b, 0);
            x0 = TLanes.MultiplyAdd(TLanes.Splat(a[k]), x, x0);
            x1 = TLanes.MultiplyAdd(TLanes.Splat(a1[k]), x, x1);
            x2 = TLanes.MultiplyAdd(TLanes.Splat(a2[k]), x, x2);
            x3 = TLanes.MultiplyAdd(TLanes.Splat(a3[k]), x, x3);
        }
        TLanes.Store(x0, ref *c, 0);
        TLanes.Store(x1, ref c[cStride], 0);
        TLanes.Store(x2, ref c[2 * cStride], 0);
        TLanes.Store(x3, ref c[3 * cStride], 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Row1<TLanes>(float* a, float* b, nint bStride, float* c, int depth)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes x0 = default;
        for (nint k = 0; k < depth; k++, b += bStride)
        {
            x0 = TLanes.MultiplyAdd(TLanes.Splat(a[k]), TLanes.Load(ref *b, 0), x0);
        }
        TLanes.Store(x0, ref *c, 0);
    }
}
