using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

public static partial class VectorMath
{
    // The reference's erf by Abramowitz and Stegun 7.1.26: absolute error below 1.5e-7, the last bit of fp32 around 1.
    private const float ErfP = 0.3275911f;
    private const float Erf1 = 0.254829592f;
    private const float Erf2 = -0.284496736f;
    private const float Erf3 = 1.421413741f;
    private const float Erf4 = -1.453152027f;
    private const float Erf5 = 1.061405429f;
    private const float HalfRoot2 = 0.70710678f;

    /// <summary>
    /// Gaussian error linear unit in place, in its exact form x·½(1 + erf(x/√2)), not the tanh approximation
    /// (Hendrycks and Gimpel 2016, arXiv:1606.08415). Absolute error below 1e-6·max(1, |x|); NaN stays NaN.
    /// </summary>
    public static void Gelu(Span<float> values)
    {
        if (Lanes512.IsAccelerated)
        {
            Gelu<Lanes512>(values);
        }
        else if (Lanes256.IsAccelerated)
        {
            Gelu<Lanes256>(values);
        }
        else if (Lanes128.IsAccelerated)
        {
            Gelu<Lanes128>(values);
        }
        else
        {
            GeluScalar(values);
        }
    }

    internal static void GeluScalar(Span<float> values)
    {
        foreach (ref var value in values)
        {
            var z = value * (double)HalfRoot2;
            var t = 1 / (1 + ErfP * Math.Abs(z));
            var tail = ((((Erf5 * t + Erf4) * t + Erf3) * t + Erf2) * t + Erf1) * t * Math.Exp(-z * z);
            value = (float)(value * 0.5 * (1 + Math.CopySign(1 - tail, z)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Gelu<TLanes>(Span<float> values)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var x = ref MemoryMarshal.GetReference(values);
        nuint width = (nuint)TLanes.Width, length = (nuint)values.Length, i = 0;
        for (; i + width <= length; i += width)
        {
            TLanes.Store(GaussianError.Gelu(TLanes.Load(ref x, i)), ref x, i);
        }
        GeluScalar(values[(int)i..]);
    }
}
