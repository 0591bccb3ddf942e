using System.Runtime.CompilerServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

/// <summary>
/// The innermost loops of <see cref="MatrixMultiply"/>: a few rows of A by one panel of B, the products held in
/// registers. Unrolled by hand, because the JIT keeps named locals in registers and array elements not.
/// </summary>
internal static unsafe class MultiplyKernels
{
    /// <summary>Most rows that <see cref="Run"/> does at once.</summary>
    public const int MaxRows = 8;

    /// <summary>
    /// Does as many rows at once as the registers hold and the matrix has left, and adds the panel's bias where there is one;
    /// returns how many.
    /// </summary>
    public static int Run<TLanes>(
        float* a, nint aStride, float* b, float* c, nint cStride, int depth, int rowsLeft, bool accumulate, float* bias = null)
        where TLanes : struct, ILanes<TLanes>
    {
        // AVX2 has 16 registers: 4 rows × 3 + 3 of B + 1 of A. AVX-512 and Neon have 32: 8 × 3 + 3 + 1.
        if (rowsLeft >= 8 && TLanes.Width != Lanes256.Width)
        {
            Rows8<TLanes>(a, aStride, b, c, cStride, depth, accumulate, bias);
            return 8;
        }
        if (rowsLeft >= 4)
        {
            Rows4<TLanes>(a, aStride, b, c, cStride, depth, accumulate, bias);
            return 4;
        }
        Rows1<TLanes>(a, b, c, depth, accumulate, bias);
        return 1;
    }

    /// <summary>8 rows of C by one panel, held in 24 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows8<TLanes>(
        float* a, nint aStride, float* b, float* c, nint cStride, int depth, bool accumulate, float* bias)
        where TLanes : struct, ILanes<TLanes>
    {
        nuint width = (nuint)TLanes.Width;
        float* a1 = a + aStride, a2 = a1 + aStride, a3 = a2 + aStride, a4 = a3 + aStride, a5 = a4 + aStride, a6 = a5 + aStride, a7 = a6 + aStride;
        TLanes x0 = default, y0 = default, z0 = default;
        TLanes x1 = default, y1 = default, z1 = default;
        TLanes x2 = default, y2 = default, z2 = default;
        TLanes x3 = default, y3 = default, z3 = default;
        TLanes x4 = default, y4 = default, z4 = default;
        TLanes x5 = default, y5 = default, z5 = default;
        TLanes x6 = default, y6 = default, z6 = default;
        TLanes x7 = default, y7 = default, z7 = default;
        for (nint k = 0; k < depth; k++, b += 3 * width)
        {
            TLanes x = TLanes.Load(ref *b, 0), y = TLanes.Load(ref *b, width), z = TLanes.Load(ref *b, 2 * width);
            var s0 = TLanes.Splat(a[k]);
            x0 = TLanes.MultiplyAdd(s0, x, x0);
            y0 = TLanes.MultiplyAdd(s0, y, y0);
            z0 = TLanes.MultiplyAdd(s0, z, z0);
            var s1 = TLanes.Splat(a1[k]);
            x1 = TLanes.MultiplyAdd(s1, x, x1);
            y1 = TLanes.MultiplyAdd(s1, y, y1);
            z1 = TLanes.MultiplyAdd(s1, z, z1);
            var s2 = TLanes.Splat(a2[k]);
            x2 = TLanes.MultiplyAdd(s2, x, x2);
            y2 = TLanes.MultiplyAdd(s2, y, y2);
            z2 = TLanes.MultiplyAdd(s2, z, z2);
            var s3 = TLanes.Splat(a3[k]);
            x3 = TLanes.MultiplyAdd(s3, x, x3);
            y3 = TLanes.MultiplyAdd(s3, y, y3);
            z3 = TLanes.MultiplyAdd(s3, z, z3);
            var s4 = TLanes.Splat(a4[k]);
            x4 = TLanes.MultiplyAdd(s4, x, x4);
            y4 = TLanes.MultiplyAdd(s4, y, y4);
            z4 = TLanes.MultiplyAdd(s4, z, z4);
            var s5 = TLanes.Splat(a5[k]);
            x5 = TLanes.MultiplyAdd(s5, x, x5);
            y5 = TLanes.MultiplyAdd(s5, y, y5);
            z5 = TLanes.MultiplyAdd(s5, z, z5);
            var s6 = TLanes.Splat(a6[k]);
            x6 = TLanes.MultiplyAdd(s6, x, x6);
            y6 = TLanes.MultiplyAdd(s6, y, y6);
            z6 = TLanes.MultiplyAdd(s6, z, z6);
            var s7 = TLanes.Splat(a7[k]);
            x7 = TLanes.MultiplyAdd(s7, x, x7);
            y7 = TLanes.MultiplyAdd(s7, y, y7);
            z7 = TLanes.MultiplyAdd(s7, z, z7);
        }
        Store(x0, y0, z0, c, accumulate, bias);
        Store(x1, y1, z1, c + cStride, accumulate, bias);
        Store(x2, y2, z2, c + 2 * cStride, accumulate, bias);
        Store(x3, y3, z3, c + 3 * cStride, accumulate, bias);
        Store(x4, y4, z4, c + 4 * cStride, accumulate, bias);
        Store(x5, y5, z5, c + 5 * cStride, accumulate, bias);
        Store(x6, y6, z6, c + 6 * cStride, accumulate, bias);
        Store(x7, y7, z7, c + 7 * cStride, accumulate, bias);
    }

    /// <summary>4 rows of C by one panel, held in 12 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows4<TLanes>(
        float* a, nint aStride, float* b, float* c, nint cStride, int depth, bool accumulate, float* bias)
        where TLanes : struct, ILanes<TLanes>
    {
        nuint width = (nuint)TLanes.Width;
        float* a1 = a + aStride, a2 = a1 + aStride, a3 = a2 + aStride;
        TLanes x0 = default, y0 = default, z0 = default;
        TLanes x1 = default, y1 = default, z1 = default;
        TLanes x2 = default, y2 = default, z2 = default;
        TLanes x3 = default, y3 = default, z3 = default;
        for (nint k = 0; k < depth; k++, b += 3 * width)
        {
            TLanes x = TLanes.Load(ref *b, 0), y = TLanes.Load(ref *b, width), z = TLanes.Load(ref *b, 2 * width);
            var s0 = TLanes.Splat(a[k]);
            x0 = TLanes.MultiplyAdd(s0, x, x0);
            y0 = TLanes.MultiplyAdd(s0, y, y0);
            z0 = TLanes.MultiplyAdd(s0, z, z0);
            var s1 = TLanes.Splat(a1[k]);
            x1 = TLanes.MultiplyAdd(s1, x, x1);
            y1 = TLanes.MultiplyAdd(s1, y, y1);
            z1 = TLanes.MultiplyAdd(s1, z, z1);
            var s2 = TLanes.Splat(a2[k]);
            x2 = TLanes.MultiplyAdd(s2, x, x2);
            y2 = TLanes.MultiplyAdd(s2, y, y2);
            z2 = TLanes.MultiplyAdd(s2, z, z2);
            var s3 = TLanes.Splat(a3[k]);
            x3 = TLanes.MultiplyAdd(s3, x, x3);
            y3 = TLanes.MultiplyAdd(s3, y, y3);
            z3 = TLanes.MultiplyAdd(s3, z, z3);
        }
        Store(x0, y0, z0, c, accumulate, bias);
        Store(x1, y1, z1, c + cStride, accumulate, bias);
        Store(x2, y2, z2, c + 2 * cStride, accumulate, bias);
        Store(x3, y3, z3, c + 3 * cStride, accumulate, bias);
    }

    /// <summary>1 row of C by one panel, held in 3 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows1<TLanes>(float* a, float* b, float* c, int depth, bool accumulate, float* bias)
        where TLanes : struct, ILanes<TLanes>
    {
        nuint width = (nuint)TLanes.Width;
        TLanes x0 = default, y0 = default, z0 = default;
        for (nint k = 0; k < depth; k++, b += 3 * width)
        {
            TLanes x = TLanes.Load(ref *b, 0), y = TLanes.Load(ref *b, width), z = TLanes.Load(ref *b, 2 * width);
            var s0 = TLanes.Splat(a[k]);
            x0 = TLanes.MultiplyAdd(s0, x, x0);
            y0 = TLanes.MultiplyAdd(s0, y, y0);
            z0 = TLanes.MultiplyAdd(s0, z, z0);
        }
        Store(x0, y0, z0, c, accumulate, bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store<TLanes>(TLanes x, TLanes y, TLanes z, float* c, bool accumulate, float* bias = null)
        where TLanes : struct, ILanes<TLanes>
    {
        nuint width = (nuint)TLanes.Width;
        if (accumulate)
        {
            x += TLanes.Load(ref *c, 0);
            y += TLanes.Load(ref *c, width);
            z += TLanes.Load(ref *c, 2 * width);
        }
        if (bias != null)
        {
            x += TLanes.Load(ref *bias, 0);
            y += TLanes.Load(ref *bias, width);
            z += TLanes.Load(ref *bias, 2 * width);
        }
        TLanes.Store(x, ref *c, 0);
        TLanes.Store(y, ref *c, width);
        TLanes.Store(z, ref *c, 2 * width);
    }
}
