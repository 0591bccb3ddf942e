using System.Runtime.CompilerServices;

namespace RagPlatform.Numerics.Lanes;

/// <summary>
/// e^x by 2^n · e^r with |r| ≤ ln 2 / 2 and a polynomial for e^r (Cephes expf, Moshier).
/// Relative error below 3e-7 from -87 to 88; beyond that range x is taken as its nearest end; NaN stays NaN.
/// </summary>
internal static class Exponential
{
    private const float Lowest = -87f;
    private const float Highest = 88f;
    private const float Log2OfE = 1.44269504f;

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
}
