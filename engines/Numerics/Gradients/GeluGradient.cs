using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Gradients;

/// <summary>The gradient of <see cref="VectorMath.Gelu"/>: gelu′(x) = Φ(x) + x·φ(x), with φ the normal density.</summary>
public static class GeluGradient
{
    private const float NegativeHalf = -0.5f;
    private const float DensityAt0 = 0.39894228f;

    /// <summary>gradient[i] *= gelu′(x[i]), and x[i] becomes gelu(x[i]), which the next weight's gradient asks for.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Apply(Span<float> x, Span<float> gradient)
    {
        VectorMath.ThrowIfLengthsDiffer(x.Length, gradient.Length);
        if (Lanes512.IsAccelerated)
        {
            Apply<Lanes512>(x, gradient);
        }
        else if (Lanes256.IsAccelerated)
        {
            Apply<Lanes256>(x, gradient);
        }
        else if (Lanes128.IsAccelerated)
        {
            Apply<Lanes128>(x, gradient);
        }
        else
        {
            ApplyScalar(x, gradient);
        }
    }

    internal static void ApplyScalar(Span<float> x, Span<float> gradient)
    {
        for (var i = 0; i < x.Length; i++)
        {
            var value = x[i];
            VectorMath.GeluScalar(x.Slice(i, 1));
            var density = DensityAt0 * MathF.Exp(NegativeHalf * value * value);
            var below = value == 0 ? 0.5f : x[i] / value;
            gradient[i] *= below + (value * density);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Apply<TLanes>(Span<float> x, Span<float> gradient)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var x0 = ref MemoryMarshal.GetReference(x);
        ref var gradient0 = ref MemoryMarshal.GetReference(gradient);
        nuint width = (nuint)TLanes.Width, length = (nuint)x.Length, i = 0;
        for (; i + width <= length; i += width)
        {
            var value = TLanes.Load(ref x0, i);
            var erf = GaussianError.ErfOfRoot(value);
            var half = value * TLanes.Splat(0.5f);
            var below = TLanes.MultiplyAdd(erf, TLanes.Splat(0.5f), TLanes.Splat(0.5f));
            var density = TLanes.Splat(DensityAt0) * Exponential.OfTwo(value * value * TLanes.Splat(NegativeHalf * Exponential.Log2OfE));
            TLanes.Store(TLanes.Load(ref gradient0, i) * TLanes.MultiplyAdd(value, density, below), ref gradient0, i);
            TLanes.Store(TLanes.MultiplyAdd(half, erf, half), ref x0, i);
        }
        ApplyScalar(x[(int)i..], gradient[(int)i..]);
    }
}
