using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

public static partial class VectorMath
{
    /// <summary>The largest value; negative infinity for an empty span, any where one is NaN.</summary>
    public static float Highest(ReadOnlySpan<float> values) =>
        Lanes512.IsAccelerated ? Highest<Lanes512>(values)
        : Lanes256.IsAccelerated ? Highest<Lanes256>(values)
        : Lanes128.IsAccelerated ? Highest<Lanes128>(values)
        : HighestScalar(values, float.NegativeInfinity);

    /// <summary>Replaces each value by e^((value − highest)·scale), and returns their sum: softmax before its division.</summary>
    public static float Exponentials(Span<float> values, float highest, float scale) =>
        Lanes512.IsAccelerated ? Exponentials<Lanes512>(values, highest, scale)
        : Lanes256.IsAccelerated ? Exponentials<Lanes256>(values, highest, scale)
        : Lanes128.IsAccelerated ? Exponentials<Lanes128>(values, highest, scale)
        : ExponentialsScalar(values, highest, scale);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float Highest<TLanes>(ReadOnlySpan<float> values)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var x = ref MemoryMarshal.GetReference(values);
        nuint width = (nuint)TLanes.Width, length = (nuint)values.Length, i = 0;
        var highest = TLanes.Splat(float.NegativeInfinity);
        for (; i + width <= length; i += width)
        {
            highest = TLanes.Max(highest, TLanes.Load(ref x, i));
        }
        return HighestScalar(values[(int)i..], TLanes.Highest(highest));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float Exponentials<TLanes>(Span<float> values, float highest, float scale)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var x = ref MemoryMarshal.GetReference(values);
        nuint width = (nuint)TLanes.Width, length = (nuint)values.Length, i = 0;
        TLanes sums = default;
        for (; i + width <= length; i += width)
        {
            var power = Exponential.Of((TLanes.Load(ref x, i) - TLanes.Splat(highest)) * TLanes.Splat(scale));
            TLanes.Store(power, ref x, i);
            sums += power;
        }
        return TLanes.Sum(sums) + ExponentialsScalar(values[(int)i..], highest, scale);
    }
}
