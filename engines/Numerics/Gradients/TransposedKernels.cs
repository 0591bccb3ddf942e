using System.Runtime.CompilerServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Gradients;

/// <summary>
/// The innermost loops of products Aᵀ·B: a few columns of A, side by side in memory, by a few registers of B's columns.
/// Unrolled by hand as <see cref="MultiplyKernels"/> are.
/// </summary>
internal static unsafe class TransposedKernels
{
    /// <summary>Rows of C that are done at once: AVX2 has 16 registers, AVX-512 and Neon have 32.</summary>
    public static int Rows<TLanes>()
        where TLanes : struct, ILanes<TLanes> => TLanes.Width == Lanes256.Width ? 4 : 8;

    /// <summary>C[<see cref="Rows"/>, 3 registers] += A[depth, rows]ᵀ·B[depth, 3 registers].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddWide<TLanes>(float* a, nint aStride, float* b, nint bStride, float* c, nint cStride, int depth)
        where TLanes : struct, ILanes<TLanes>
    {
        if (TLanes.Width == Lanes256.Width)
        {
            Wide4<TLanes>(a, aStride, b, bStride, c, cStride, depth);
        }
        else
        {
            Wide8<TLanes>(a, aStride, b, bStride, c, cStride, depth);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Wide8<TLanes>(float* a, nint aStride, float* b, nint bStride, float* c, nint cStride, int depth)
        where TLanes : struct, ILanes<TLanes>
    {
        nuint width = (nuint)TLanes.Width;
        TLanes x0 = default, y0 = default, z0 = default;
        TLanes x1 = default, y1 = default, z1 = default;
        TLanes x2 = default, y2 = default, z2 = default;
        TLanes x3 = default, y3 = default, z3 = default;
        TLanes x4 = default, y4 = default, z4 = default;
        TLanes x5 = default, y5 = default, z5 = default;
        TLanes x6 = default, y6 = default, z6 = default;
        TLanes x7 = default, y7 = default, z7 = default;
        // C comes from far while the products are summed.
        for (var row = 0; row < 8; row++)
        {
            Prefetch.Read(c + (row * cStride), 3 * TLanes.Width * sizeof(float));
        }
        for (nint k = 0; k < depth; k++, a += aStride, b += bStride)
        {
            TLanes x = TLanes.Load(ref *b, 0), y = TLanes.Load(ref *b, width), z = TLanes.Load(ref *b, 2 * width);
            var s0 = TLanes.Splat(a[0]);
            x0 = TLanes.MultiplyAdd(s0, x, x0);
            y0 = TLanes.MultiplyAdd(s0, y, y0);
            z0 = TLanes.MultiplyAdd(s0, z, z0);
            var s1 = TLanes.Splat(a[1]);
            x1 = TLanes.MultiplyAdd(s1, x, x1);
            y1 = TLanes.MultiplyAdd(s1, y, y1);
            z1 = TLanes.MultiplyAdd(s1, z, z1);
            var s2 = TLanes.Splat(a[2]);
            x2 = TLanes.MultiplyAdd(s2, x, x2);
            y2 = TLanes.MultiplyAdd(s2, y, y2);
            z2 = TLanes.MultiplyAdd(s2, z, z2);
            var s3 = TLanes.Splat(a[3]);
            x3 = TLanes.MultiplyAdd(s3, x, x3);
            y3 = TLanes.MultiplyAdd(s3, y, y3);
            z3 = TLanes.MultiplyAdd(s3, z, z3);
            var s4 = TLanes.Splat(a[4]);
            x4 = TLanes.MultiplyAdd(s4, x, x4);
            y4 = TLanes.MultiplyAdd(s4, y, y4);
            z4 = TLanes.MultiplyAdd(s4, z, z4);
            var s5 = TLanes.Splat(a[5]);
            x5 = TLanes.MultiplyAdd(s5, x, x5);
            y5 = TLanes.MultiplyAdd(s5, y, y5);
            z5 = TLanes.MultiplyAdd(s5, z, z5);
            var s6 = TLanes.Splat(a[6]);
            x6 = TLanes.MultiplyAdd(s6, x, x6);
            y6 = TLanes.MultiplyAdd(s6, y, y6);
            z6 = TLanes.MultiplyAdd(s6, z, z6);
            var s7 = TLanes.Splat(a[7]);
            x7 = TLanes.MultiplyAdd(s7, x, x7);
            y7 = TLanes.MultiplyAdd(s7, y, y7);
            z7 = TLanes.MultiplyAdd(s7, z, z7);
        }
        MultiplyKernels.Store(x0, y0, z0, c, accumulate: true);
        MultiplyKernels.Store(x1, y1, z1, c + cStride, accumulate: true);
        MultiplyKernels.Store(x2, y2, z2, c + (2 * cStride), accumulate: true);
        MultiplyKernels.Store(x3, y3, z3, c + (3 * cStride), accumulate: true);
        MultiplyKernels.Store(x4, y4, z4, c + (4 * cStride), accumulate: true);
        MultiplyKernels.Store(x5, y5, z5, c + (5 * cStride), accumulate: true);
        MultiplyKernels.Store(x6, y6, z6, c + (6 * cStride), accumulate: true);
        MultiplyKernels.Store(x7, y7, z7, c + (7 * cStride), accumulate: true);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Wide4<TLanes>(float* a, nint aStride, float* b, nint bStride, float* c, nint cStride, int depth)
        where TLanes : struct, ILanes<TLanes>
    {
        nuint width = (nuint)TLanes.Width;
        TLanes x0 = default, y0 = default, z0 = default;
        TLanes x1 = default, y1 = default, z1 = default;
        TLanes x2 = default, y2 = default, z2 = default;
        TLanes x3 = default, y3 = default, z3 = default;
        for (nint k = 0; k < depth; k++, a += aStride, b += bStride)
        {
            TLanes x = TLanes.Load(ref *b, 0), y = TLanes.Load(ref *b, width), z = TLanes.Load(ref *b, 2 * width);
            var s0 = TLanes.Splat(a[0]);
            x0 = TLanes.MultiplyAdd(s0, x, x0);
            y0 = TLanes.MultiplyAdd(s0, y, y0);
            z0 = TLanes.MultiplyAdd(s0, z, z0);
            var s1 = TLanes.Splat(a[1]);
            x1 = TLanes.MultiplyAdd(s1, x, x1);
            y1 = TLanes.MultiplyAdd(s1, y, y1);
            z1 = TLanes.MultiplyAdd(s1, z, z1);
            var s2 = TLanes.Splat(a[2]);
            x2 = TLanes.MultiplyAdd(s2, x, x2);
            y2 = TLanes.MultiplyAdd(s2, y, y2);
            z2 = TLanes.MultiplyAdd(s2, z, z2);
            var s3 = TLanes.Splat(a[3]);
            x3 = TLanes.MultiplyAdd(s3, x, x3);
            y3 = TLanes.MultiplyAdd(s3, y, y3);
            z3 = TLanes.MultiplyAdd(s3, z, z3);
        }
        MultiplyKernels.Store(x0, y0, z0, c, accumulate: true);
        MultiplyKernels.Store(x1, y1, z1, c + cStride, accumulate: true);
        MultiplyKernels.Store(x2, y2, z2, c + (2 * cStride), accumulate: true);
        MultiplyKernels.Store(x3, y3, z3, c + (3 * cStride), accumulate: true);
    }
}
