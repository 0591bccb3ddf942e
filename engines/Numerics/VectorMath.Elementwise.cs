using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

/// <summary>Operations on vectors of fp32, each with its scalar reference beside the SIMD form.</summary>
public static partial class VectorMath
{
    /// <summary>target[i] += addend[i].</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Add(Span<float> target, ReadOnlySpan<float> addend)
    {
        ThrowIfLengthsDiffer(target.Length, addend.Length);
        if (Lanes512.IsAccelerated)
        {
            Add<Lanes512>(target, addend);
        }
        else if (Lanes256.IsAccelerated)
        {
            Add<Lanes256>(target, addend);
        }
        else if (Lanes128.IsAccelerated)
        {
            Add<Lanes128>(target, addend);
        }
        else
        {
            AddScalar(target, addend);
        }
    }

    /// <summary>values[i] *= factor.</summary>
    public static void Scale(Span<float> values, float factor)
    {
        if (Lanes512.IsAccelerated)
        {
            Scale<Lanes512>(values, factor);
        }
        else if (Lanes256.IsAccelerated)
        {
            Scale<Lanes256>(values, factor);
        }
        else if (Lanes128.IsAccelerated)
        {
            Scale<Lanes128>(values, factor);
        }
        else
        {
            ScaleScalar(values, factor);
        }
    }

    /// <summary>Scales the vector to length 1 (L2). A vector of length 0 stays as it is.</summary>
    public static void NormalizeToUnitLength(Span<float> values)
    {
        var length = MathF.Sqrt(Dot(values, values));
        if (length > 0)
        {
            Scale(values, 1 / length);
        }
    }

    internal static void AddScalar(Span<float> target, ReadOnlySpan<float> addend)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] += addend[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Add<TLanes>(Span<float> target, ReadOnlySpan<float> addend)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var x = ref MemoryMarshal.GetReference(target);
        ref var y = ref MemoryMarshal.GetReference(addend);
        nuint width = (nuint)TLanes.Width, length = (nuint)target.Length, i = 0;
        for (; i + width <= length; i += width)
        {
            TLanes.Store(TLanes.Load(ref x, i) + TLanes.Load(ref y, i), ref x, i);
        }
        AddScalar(target[(int)i..], addend[(int)i..]);
    }

    internal static void ScaleScalar(Span<float> values, float factor)
    {
        foreach (ref var value in values)
        {
            value *= factor;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Scale<TLanes>(Span<float> values, float factor)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var x = ref MemoryMarshal.GetReference(values);
        nuint width = (nuint)TLanes.Width, length = (nuint)values.Length, i = 0;
        for (; i + width <= length; i += width)
        {
            TLanes.Store(TLanes.Load(ref x, i) * TLanes.Splat(factor), ref x, i);
        }
        ScaleScalar(values[(int)i..], factor);
    }
}
