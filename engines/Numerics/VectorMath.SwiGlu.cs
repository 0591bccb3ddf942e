using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

public static partial class VectorMath
{
    /// <summary>
    /// Gated linear unit in place: gate[i] becomes SiLU(gate[i])·up[i], SiLU(x) = x / (1 + e^-x)
    /// (Shazeer 2020, arXiv:2002.05202). NaN stays NaN.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void SwiGlu(Span<float> gate, ReadOnlySpan<float> up)
    {
        ThrowIfLengthsDiffer(gate.Length, up.Length);
        if (Lanes512.IsAccelerated)
        {
            SwiGlu<Lanes512>(gate, up);
        }
        else if (Lanes256.IsAccelerated)
        {
            SwiGlu<Lanes256>(gate, up);
        }
        else if (Lanes128.IsAccelerated)
        {
            SwiGlu<Lanes128>(gate, up);
        }
        else
        {
            SwiGluScalar(gate, up);
        }
    }

    internal static void SwiGluScalar(Span<float> gate, ReadOnlySpan<float> up)
    {
        for (var i = 0; i < gate.Length; i++)
        {
            gate[i] = gate[i] / (1 + MathF.Exp(-gate[i])) * up[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void SwiGlu<TLanes>(Span<float> gate, ReadOnlySpan<float> up)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var x = ref MemoryMarshal.GetReference(gate);
        ref var y = ref MemoryMarshal.GetReference(up);
        nuint width = (nuint)TLanes.Width, length = (nuint)gate.Length, i = 0;
        var one = TLanes.Splat(1f);
        for (; i + width <= length; i += width)
        {
            var value = TLanes.Load(ref x, i);
            TLanes.Store(value / (one + Exponential.Of(default(TLanes) - value)) * TLanes.Load(ref y, i), ref x, i);
        }
        SwiGluScalar(gate[(int)i..], up[(int)i..]);
    }
}
