using System.Runtime.CompilerServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

/// <summary>The innermost loops over 16-bit panels of a <see cref="WeightMatrix"/>.</summary>
internal static unsafe class WidenKernels
{
    /// <summary>As many values, a multiple of the panel's width, as fp32.</summary>
    public static void Widen<TLanes>(ushort* from, ElementType type, float* to, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        if (type == ElementType.Float16)
        {
            WidenFloat16<TLanes>(from, to, count);
        }
        else
        {
            WidenBFloat16<TLanes>(from, to, count);
        }
    }

    /// <summary>1 row of X by one panel, as <see cref="MultiplyKernels"/> does it in fp32, bit for bit.</summary>
    public static void Row<TLanes>(float* x, ushort* panel, ElementType type, float* y, int depth, bool accumulate)
        where TLanes : struct, ILanes<TLanes>
    {
        if (type == ElementType.Float16)
        {
            RowFloat16<TLanes>(x, panel, y, depth, accumulate);
        }
        else
        {
            RowBFloat16<TLanes>(x, panel, y, depth, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void WidenFloat16<TLanes>(ushort* from, float* to, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        for (nuint i = 0; i < (nuint)count; i += (nuint)TLanes.Width)
        {
            TLanes.Store(TLanes.LoadFloat16(ref *from, i), ref *to, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void WidenBFloat16<TLanes>(ushort* from, float* to, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        for (nuint i = 0; i < (nuint)count; i += (nuint)TLanes.Width)
        {
            TLanes.Store(TLanes.LoadBFloat16(ref *from, i), ref *to, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void RowFloat16<TLanes>(float* x, ushort* panel, float* y, int depth, bool accumulate)
        where TLanes : struct, ILanes<TLanes>
    {
        nuint width = (nuint)TLanes.Width;
        TLanes sum0 = default, sum1 = default, sum2 = default;
        for (nint k = 0; k < depth; k++, panel += 3 * width)
        {
            var value = TLanes.Splat(x[k]);
            sum0 = TLanes.MultiplyAdd(value, TLanes.LoadFloat16(ref *panel, 0), sum0);
            sum1 = TLanes.MultiplyAdd(value, TLanes.LoadFloat16(ref *panel, width), sum1);
            sum2 = TLanes.MultiplyAdd(value, TLanes.LoadFloat16(ref *panel, 2 * width), sum2);
        }
        MultiplyKernels.Store(sum0, sum1, sum2, y, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void RowBFloat16<TLanes>(float* x, ushort* panel, float* y, int depth, bool accumulate)
        where TLanes : struct, ILanes<TLanes>
    {
        nuint width = (nuint)TLanes.Width;
        TLanes sum0 = default, sum1 = default, sum2 = default;
        for (nint k = 0; k < depth; k++, panel += 3 * width)
        {
            var value = TLanes.Splat(x[k]);
            sum0 = TLanes.MultiplyAdd(value, TLanes.LoadBFloat16(ref *panel, 0), sum0);
            sum1 = TLanes.MultiplyAdd(value, TLanes.LoadBFloat16(ref *panel, width), sum1);
            sum2 = TLanes.MultiplyAdd(value, TLanes.LoadBFloat16(ref *panel, 2 * width), sum2);
        }
        MultiplyKernels.Store(sum0, sum1, sum2, y, accumulate);
    }
}
