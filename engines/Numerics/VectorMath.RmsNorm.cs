using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

public static partial class VectorMath
{
    /// <summary>
    /// Root mean square normalisation: destination[i] = source[i] / √(mean of squares + epsilon) · gain[i], over one
    /// row (Zhang and Sennrich 2019, arXiv:1910.07467). NaN anywhere makes all NaN.
    /// </summary>
    /// <param name="source">One row; not empty.</param>
    /// <param name="gain">As long as the row.</param>
    /// <param name="epsilon">Added to the mean; above 0.</param>
    /// <param name="destination">As long as the row; may be the row itself.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void RmsNorm(
        ReadOnlySpan<float> source, ReadOnlySpan<float> gain, float epsilon, Span<float> destination)
    {
        ThrowIfLengthsDiffer(source.Length, gain.Length);
        ThrowIfLengthsDiffer(source.Length, destination.Length);
        if (Lanes512.IsAccelerated)
        {
            RmsNorm<Lanes512>(source, gain, epsilon, destination);
        }
        else if (Lanes256.IsAccelerated)
        {
            RmsNorm<Lanes256>(source, gain, epsilon, destination);
        }
        else if (Lanes128.IsAccelerated)
        {
            RmsNorm<Lanes128>(source, gain, epsilon, destination);
        }
        else
        {
            RmsNormScalar(source, gain, epsilon, destination);
        }
    }

    internal static void RmsNormScalar(
        ReadOnlySpan<float> source, ReadOnlySpan<float> gain, float epsilon, Span<float> destination)
    {
        var scale = 1 / MathF.Sqrt(DotScalar(source, source) / source.Length + epsilon);
        for (var i = 0; i < source.Length; i++)
        {
            destination[i] = source[i] * scale * gain[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void RmsNorm<TLanes>(
        ReadOnlySpan<float> source, ReadOnlySpan<float> gain, float epsilon, Span<float> destination)
        where TLanes : struct, ILanes<TLanes>
    {
        var scale = 1 / MathF.Sqrt(Dot<TLanes>(source, source) / source.Length + epsilon);
        ref var x = ref MemoryMarshal.GetReference(source);
        ref var g = ref MemoryMarshal.GetReference(gain);
        ref var y = ref MemoryMarshal.GetReference(destination);
        nuint width = (nuint)TLanes.Width, length = (nuint)source.Length, i = 0;
        var scales = TLanes.Splat(scale);
        for (; i + width <= length; i += width)
        {
            TLanes.Store(TLanes.Load(ref x, i) * scales * TLanes.Load(ref g, i), ref y, i);
        }
        for (; i < length; i++)
        {
            destination[(int)i] = source[(int)i] * scale * gain[(int)i];
        }
    }
}
