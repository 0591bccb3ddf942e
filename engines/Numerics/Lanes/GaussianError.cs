using System.Runtime.CompilerServices;

namespace RagPlatform.Numerics.Lanes;

/// <summary>
/// The Gaussian error linear unit by a rational erf: erf(z) = z·p(z²)/q(z²) on |z| ≤ 4, beyond which erf is ±1 in fp32
/// (the minimax coefficients of Eigen, GenericPacketMathFunctions.h). Absolute error of erf below 5e-7.
/// </summary>
internal static class GaussianError
{
    private const float Furthest = 4f;
    private const float HalfRoot2 = 0.70710678f;

    /// <summary>x·½(1 + erf(x/√2)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Gelu<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        var half = x * TLanes.Splat(0.5f);
        return TLanes.MultiplyAdd(half, ErfOfRoot(x), half);
    }

    /// <summary>erf(x/√2): twice what the normal distribution has below x, less 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes ErfOfRoot<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        var z = TLanes.Max(TLanes.Splat(-Furthest), TLanes.Min(TLanes.Splat(Furthest), x * TLanes.Splat(HalfRoot2)));
        var square = z * z;
        var p = TLanes.MultiplyAdd(square, TLanes.Splat(-2.72614225801306e-10f), TLanes.Splat(2.77068142495902e-08f));
        p = TLanes.MultiplyAdd(square, p, TLanes.Splat(-2.10102402082508e-06f));
        p = TLanes.MultiplyAdd(square, p, TLanes.Splat(-5.69250639462346e-05f));
        p = TLanes.MultiplyAdd(square, p, TLanes.Splat(-7.34990630326855e-04f));
        p = TLanes.MultiplyAdd(square, p, TLanes.Splat(-2.95459980854025e-03f));
        p = TLanes.MultiplyAdd(square, p, TLanes.Splat(-1.60960333262415e-02f));
        var q = TLanes.MultiplyAdd(square, TLanes.Splat(-1.45660718464996e-05f), TLanes.Splat(-2.13374055278905e-04f));
        q = TLanes.MultiplyAdd(square, q, TLanes.Splat(-1.68282697438203e-03f));
        q = TLanes.MultiplyAdd(square, q, TLanes.Splat(-7.37332916720468e-03f));
        q = TLanes.MultiplyAdd(square, q, TLanes.Splat(-1.42647390514189e-02f));
        return z * p / q;
    }
}
