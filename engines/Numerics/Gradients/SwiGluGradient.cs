using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Gradients;

/// <summary>Backward of <see cref="VectorMath.SwiGlu"/>.</summary>
public static class SwiGluGradient
{
    /// <summary>
    /// Replaces gate and up by their gradients: with s = 1 / (1 + e^-gate), gate becomes dy·up·s·(1 + gate·(1 − s)), and up
    /// dy·gate·s.
    /// </summary>
    /// <param name="gate">Before the forward pass.</param>
    /// <param name="up">As long as the gate.</param>
    /// <param name="outputGradient">As long as the gate.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Replace(Span<float> gate, Span<float> up, ReadOnlySpan<float> outputGradient)
    {
        VectorMath.ThrowIfLengthsDiffer(gate.Length, up.Length);
        VectorMath.ThrowIfLengthsDiffer(gate.Length, outputGradient.Length);
        if (Lanes512.IsAccelerated)
        {
            Replace<Lanes512>(gate, up, outputGradient);
        }
        else if (Lanes256.IsAccelerated)
        {
            Replace<Lanes256>(gate, up, outputGradient);
        }
        else if (Lanes128.IsAccelerated)
        {
            Replace<Lanes128>(gate, up, outputGradient);
        }
        else
        {
            ReplaceScalar(gate, up, outputGradient);
        }
    }

    internal static void ReplaceScalar(Span<float> gate, Span<float> up, ReadOnlySpan<float> outputGradient)
    {
        for (var i = 0; i < gate.Length; i++)
        {
            var (value, gradient) = (gate[i], outputGradient[i]);
            var sigmoid = 1 / (1 + MathF.Exp(-value));
            gate[i] = gradient * up[i] * sigmoid * (1 + value * (1 - sigmoid));
            up[i] = gradient * value * sigmoid;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Replace<TLanes>(Span<float> gate, Span<float> up, ReadOnlySpan<float> outputGradient)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var x = ref MemoryMarshal.GetReference(gate);
        ref var u = ref MemoryMarshal.GetReference(up);
        ref var y = ref MemoryMarshal.GetReference(outputGradient);
        nuint width = (nuint)TLanes.Width, length = (nuint)gate.Length, i = 0;
        var one = TLanes.Splat(1f);
        for (; i + width <= length; i += width)
        {
            TLanes value = TLanes.Load(ref x, i), gradient = TLanes.Load(ref y, i);
            var sigmoid = one / (one + Exponential.Of(default(TLanes) - value));
            var slope = sigmoid * TLanes.MultiplyAdd(value, one - sigmoid, one);
            TLanes.Store(gradient * TLanes.Load(ref u, i) * slope, ref x, i);
            TLanes.Store(gradient * value * sigmoid, ref u, i);
        }
        ReplaceScalar(gate[(int)i..], up[(int)i..], outputGradient[(int)i..]);
    }
}
