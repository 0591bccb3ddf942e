using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

public static partial class VectorMath
{
    /// <summary>
    /// Dot product Σ left[i]·right[i], in fp32; 0 for empty spans. NaN or infinity anywhere may make the result NaN.
    /// The order of additions depends on the machine's registers, so last bits differ between machines.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        ThrowIfLengthsDiffer(left.Length, right.Length);
        return Lanes512.IsAccelerated ? Dot<Lanes512>(left, right)
            : Lanes256.IsAccelerated ? Dot<Lanes256>(left, right)
            : Lanes128.IsAccelerated ? Dot<Lanes128>(left, right)
            : DotScalar(left, right);
    }

    internal static float DotScalar(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var sum = 0f;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float Dot<TLanes>(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
        where TLanes : struct, ILanes<TLanes>
    {
        // Four sums, because one would wait for each addition to finish before the next begins.
        TLanes sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        ref var x = ref MemoryMarshal.GetReference(left);
        ref var y = ref MemoryMarshal.GetReference(right);
        nuint width = (nuint)TLanes.Width, length = (nuint)left.Length, i = 0;
        for (; i + 4 * width <= length; i += 4 * width)
        {
            sum0 = TLanes.MultiplyAdd(TLanes.Load(ref x, i), TLanes.Load(ref y, i), sum0);
            sum1 = TLanes.MultiplyAdd(TLanes.Load(ref x, i + width), TLanes.Load(ref y, i + width), sum1);
            sum2 = TLanes.MultiplyAdd(TLanes.Load(ref x, i + 2 * width), TLanes.Load(ref y, i + 2 * width), sum2);
            sum3 = TLanes.MultiplyAdd(TLanes.Load(ref x, i + 3 * width), TLanes.Load(ref y, i + 3 * width), sum3);
        }
        for (; i + width <= length; i += width)
        {
            sum0 = TLanes.MultiplyAdd(TLanes.Load(ref x, i), TLanes.Load(ref y, i), sum0);
        }
        return TLanes.Sum(sum0 + sum1 + (sum2 + sum3)) + DotScalar(left[(int)i..], right[(int)i..]);
    }

    internal static void ThrowIfLengthsDiffer(int left, int right)
    {
        if (left != right)
        {
            throw new ArgumentException($"The left vector has {left} components, the right one {right}.", nameof(right));
        }
    }
}
