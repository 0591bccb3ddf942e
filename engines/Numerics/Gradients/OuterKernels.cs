using System.Runtime.CompilerServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Gradients;

/// <summary>
/// A few columns of A by two registers' width of columns of B, summed over the rows of both: the innermost loops of
/// <see cref="OuterProducts"/>. Unrolled by hand as <see cref="MultiplyKernels"/> are.
/// </summary>
internal static unsafe class OuterKernels
{
    /// <summary>How many of the columns of A that are left are done next: AVX2 has 16 registers, AVX-512 and Neon have 32.</summary>
    public static int Run<TLanes>(float* a, nint aStride, float* b, nint bStride, int depth, float* c, nint cStride, int left)
        where TLanes : struct, ILanes<TLanes>
    {
        if (left >= 8 && TLanes.Width != Lanes256.Width)
        {
            Columns8<TLanes>(a, aStride, b, bStride, depth, c, cStride);
            return 8;
        }
        if (left >= 4)
        {
            Columns4<TLanes>(a, aStride, b, bStride, depth, c, cStride);
            return 4;
        }
        Column1<TLanes>(a, aStride, b, bStride, depth, c);
        return 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Columns8<TLanes>(float* a, nint aStride, float* b, nint bStride, int depth, float* c, nint cStride)
        where TLanes : struct, ILanes<TLanes>
    {
        nuint width = (nuint)TLanes.Width;
        TLanes x0 = default, y0 = default, x1 = default, y1 = default, x2 = default, y2 = default, x3 = default, y3 = default;
        TLanes x4 = default, y4 = default, x5 = default, y5 = default, x6 = default, y6 = default, x7 = default, y7 = default;
        for (nint k = 0; k < depth; k++, a += aStride, b += bStride)
        {
            TLanes x = TLanes.Load(ref *b, 0), y = TLanes.Load(ref *b, width);
            var s0 = TLanes.Splat(a[0]);
            x0 = TLanes.MultiplyAdd(s0, x, x0);
            y0 = TLanes.MultiplyAdd(s0, y, y0);
            var s1 = TLanes.Splat(a[1]);
            x1 = TLanes.MultiplyAdd(s1, x, x1);
            y1 = TLanes.MultiplyAdd(s1, y, y1);
            var s2 = TLanes.Splat(a[2]);
            x2 = TLanes.MultiplyAdd(s2, x, x2);
            y2 = TLanes.MultiplyAdd(s2, y, y2);
            var s3 = TLanes.Splat(a[3]);
            x3 = TLanes.MultiplyAdd(s3, x, x3);
            y3 = TLanes.MultiplyAdd(s3, y, y3);
            var s4 = TLanes.Splat(a[4]);
            x4 = TLanes.MultiplyAdd(s4, x, x4);
            y4 = TLanes.MultiplyAdd(s4, y, y4);
            var s5 = TLanes.Splat(a[5]);
            x5 = TLanes.MultiplyAdd(s5, x, x5);
            y5 = TLanes.MultiplyAdd(s5, y, y5);
            var s6 = TLanes.Splat(a[6]);
            x6 = TLanes.MultiplyAdd(s6, x, x6);
            y6 = TLanes.MultiplyAdd(s6, y, y6);
            var s7 = TLanes.Splat(a[7]);
            x7 = TLanes.MultiplyAdd(s7, x, x7);
            y7 = TLanes.MultiplyAdd(s7, y, y7);
        }
        Add(x0, y0, c);
        Add(x1, y1, c + cStride);
        Add(x2, y2, c + 2 * cStride);
        Add(x3, y3, c + 3 * cStride);
        Add(x4, y4, c + 4 * cStride);
        Add(x5, y5, c + 5 * cStride);
        Add(x6, y6, c + 6 * cStride);
        Add(x7, y7, c + 7 * cStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Columns4<TLanes>(float* a, nint aStride, float* b, nint bStride, int depth, float* c, nint cStride)
        where TLanes : struct, ILanes<TLanes>
    {
        nuint width = (nuint)TLanes.Width;
        TLanes x0 = default, y0 = default, x1 = default, y1 = default, x2 = default, y2 = default, x3 = default, y3 = default;
        for (nint k = 0; k < depth; k++, a += aStride, b += bStride)
        {
            TLanes x = TLanes.Load(ref *b, 0), y = TLanes.Load(ref *b, width);
            var s0 = TLanes.Splat(a[0]);
            x0 = TLanes.MultiplyAdd(s0, x, x0);
            y0 = TLanes.MultiplyAdd(s0, y, y0);
            var s1 = TLanes.Splat(a[1]);
            x1 = TLanes.MultiplyAdd(s1, x, x1);
            y1 = TLanes.MultiplyAdd(s1, y, y1);
            var s2 = TLanes.Splat(a[2]);
            x2 = TLanes.MultiplyAdd(s2, x, x2);
            y2 = TLanes.MultiplyAdd(s2, y, y2);
            var s3 = TLanes.Splat(a[3]);
            x3 = TLanes.MultiplyAdd(s3, x, x3);
            y3 = TLanes.MultiplyAdd(s3, y, y3);
        }
        Add(x0, y0, c);
        Add(x1, y1, c + cStride);
        Add(x2, y2, c + 2 * cStride);
        Add(x3, y3, c + 3 * cStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Column1<TLanes>(float* a, nint aStride, float* b, nint bStride, int depth, float* c)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes x0 = default, y0 = default;
        for (nint k = 0; k < depth; k++, a += aStride, b += bStride)
        {
            var s0 = TLanes.Splat(*a);
            x0 = TLanes.MultiplyAdd(s0, TLanes.Load(ref *b, 0), x0);
            y0 = TLanes.MultiplyAdd(s0, TLanes.Load(ref *b, (nuint)TLanes.Width), y0);
        }
        Add(x0, y0, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TLanes>(TLanes x, TLanes y, float* c)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes.Store(TLanes.Load(ref *c, 0) + x, ref *c, 0);
        TLanes.Store(TLanes.Load(ref *c, (nuint)TLanes.Width) + y, ref *c, (nuint)TLanes.Width);
    }
}
