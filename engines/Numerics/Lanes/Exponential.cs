using System.Runtime.CompilerServices;

namespace RagPlatform.Numerics.Lanes;

/// <summary>
/// e^x by 2^n · e^r with |r| ≤ ln 2 / 2 and a polynomial for e^r (Cephes expf, Moshier).
/// Relative error below 3e-7 from -87 to 88; beyond that range x is taken as its nearest end; NaN stays NaN.
/// </summary>
internal static class Exponential
{
    public const float Log2OfE = 1.44269504f;
    private const float Lowest = -87f;
    private const float Highest = 88f;

    // ln 2 in two parts, so that n · ln 2 loses no bits.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        x = TLanes.Max(TLanes.Splat(Lowest), TLanes.Min(TLanes.Splat(Highest), x));
        var n = TLanes.Round(x * TLanes.Splat(Log2OfE));
        var r = TLanes.MultiplyAdd(n, TLanes.Splat(-Ln2High), x);
        r = TLanes.MultiplyAdd(n, TLanes.Splat(-Ln2Low), r);
        var p = TLanes.Splat(1.9875691500e-4f);
        p = TLanes.MultiplyAdd(p, r, TLanes.Splat(1.3981999507e-3f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Splat(8.3334519073e-3f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Splat(4.1665795894e-2f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Splat(1.6666665459e-1f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Splat(0.5f));
        p = TLanes.MultiplyAdd(p * r, r, r + TLanes.Splat(1f));
        return p * TLanes.PowerOfTwo(n);
    }

    /// <summary>
    /// 2^x for x ≤ 0, by 2^n · 2^r with |r| ≤ ½ and the Taylor polynomial of e^(r · ln 2). Relative error below 3e-7; below
    /// -126 x is taken as -126; NaN stays NaN. A softmax needs no more, and this is two thirds of the work.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes OfTwo<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        x = TLanes.Max(TLanes.Splat(-126f), x);
        var n = TLanes.Round(x);
        var r = x - n;
        var p = TLanes.Splat(1.5403530e-4f);
        p = TLanes.MultiplyAdd(p, r, TLanes.Splat(1.3333558e-3f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Splat(9.6181291e-3f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Splat(5.5504109e-2f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Splat(2.4022651e-1f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Splat(6.9314718e-1f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Splat(1f));
        return TLanes.Scale(p, n);
    }
}
