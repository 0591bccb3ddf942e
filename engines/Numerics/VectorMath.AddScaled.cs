using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

public static partial class VectorMath
{
    /// <summary>target[i] += factor · addend[i].</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void AddScaled(Span<float> target, float factor, ReadOnlySpan<float> addend)
    {
        ThrowIfLengthsDiffer(target.Length, addend.Length);
        if (Lanes512.IsAccelerated)
        {
            AddScaled<Lanes512>(target, factor, addend);
        }
        else if (Lanes256.IsAccelerated)
        {
            AddScaled<Lanes256>(target, factor, addend);
        }
        else if (Lanes128.IsAccelerated)
        {
            AddScaled<Lanes128>(target, factor, addend);
        }
        else
        {
            AddScaledScalar(target, factor, addend);
        }
    }

    internal static void AddScaledScalar(Span<float> target, float factor, ReadOnlySpan<float> addend)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] += factor * addend[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddScaled<TLanes>(Span<float> target, float factor, ReadOnlySpan<float> addend)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var x = ref MemoryMarshal.GetReference(target);
        ref var y = ref MemoryMarshal.GetReference(addend);
        var factors = TLanes.Splat(factor);
        nuint width = (nuint)TLanes.Width, length = (nuint)target.Length, i = 0;
        for (; i + width <= length; i += width)
        {
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(ref y, i), factors, TLanes.Load(ref x, i)), ref x, i);
        }
        AddScaledScalar(target[(int)i..], factor, addend[(int)i..]);
    }
}
