using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

public static partial class VectorMath
{
    /// <summary>
    /// Rotary position embedding of one head in place (Su et al. 2021, arXiv:2104.09864), as Hugging Face lays it out:
    /// component i of the first half and of the second are one pair, rotated by the angle whose cosine and sine are
    /// at [i].
    /// </summary>
    /// <param name="head">One head's query or key.</param>
    /// <param name="cosines">Half as long.</param>
    /// <param name="sines">Half as long.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static void Rotate(Span<float> head, ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines)
    {
        ThrowIfLengthsDiffer(cosines.Length, sines.Length);
        ThrowIfLengthsDiffer(head.Length, 2 * cosines.Length);
        if (Lanes512.IsAccelerated)
        {
            Rotate<Lanes512>(head, cosines, sines);
        }
        else if (Lanes256.IsAccelerated)
        {
            Rotate<Lanes256>(head, cosines, sines);
        }
        else if (Lanes128.IsAccelerated)
        {
            Rotate<Lanes128>(head, cosines, sines);
        }
        else
        {
            RotateScalar(head, cosines, sines, from: 0);
        }
    }

    internal static void RotateScalar(Span<float> head, ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines, int from)
    {
        var half = cosines.Length;
        for (var i = from; i < half; i++)
        {
            var (first, second) = (head[i], head[i + half]);
            head[i] = first * cosines[i] - second * sines[i];
            head[i + half] = second * cosines[i] + first * sines[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Rotate<TLanes>(Span<float> head, ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var x = ref MemoryMarshal.GetReference(head);
        ref var c = ref MemoryMarshal.GetReference(cosines);
        ref var s = ref MemoryMarshal.GetReference(sines);
        nuint width = (nuint)TLanes.Width, half = (nuint)cosines.Length, i = 0;
        for (; i + width <= half; i += width)
        {
            TLanes first = TLanes.Load(ref x, i), second = TLanes.Load(ref x, i + half);
            TLanes cosine = TLanes.Load(ref c, i), sine = TLanes.Load(ref s, i);
            TLanes.Store(first * cosine - second * sine, ref x, i);
            TLanes.Store(second * cosine + first * sine, ref x, i + half);
        }
        RotateScalar(head, cosines, sines, (int)i);
    }
}
