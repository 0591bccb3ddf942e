using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

public static partial class VectorMath
{
    /// <summary>Most codes that one dot product takes: beyond, 32 bits might not hold it.</summary>
    public const int MaxCodes = 1 << 16;

    /// <summary>Dot product Σ left[i]·right[i] of signed bytes, exact; 0 for empty spans.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or exceed <see cref="MaxCodes"/>.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DotCodes(ReadOnlySpan<sbyte> left, ReadOnlySpan<sbyte> right)
    {
        if (left.Length != right.Length || left.Length > MaxCodes)
        {
            ThrowUnfitCodes(left.Length, right.Length);
        }

        return CodeLanesVnni.IsAccelerated ? DotCodes<CodeLanesVnni>(left, right)
            : CodeLanes512.IsAccelerated ? DotCodes<CodeLanes512>(left, right)
            : CodeLanes256.IsAccelerated ? DotCodes<CodeLanes256>(left, right)
            : CodeLanes128.IsAccelerated ? DotCodes<CodeLanes128>(left, right)
            : DotCodesScalar(left, right);
    }

    internal static int DotCodesScalar(ReadOnlySpan<sbyte> left, ReadOnlySpan<sbyte> right)
    {
        var sum = 0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int DotCodes<TLanes>(ReadOnlySpan<sbyte> left, ReadOnlySpan<sbyte> right)
        where TLanes : struct, ICodeLanes<TLanes>
    {
        // Two sums, because one would wait for each addition to finish before the next begins.
        TLanes sum0 = default, sum1 = default;
        ref var x = ref MemoryMarshal.GetReference(left);
        ref var y = ref MemoryMarshal.GetReference(right);
        nuint width = (nuint)TLanes.Width, length = (nuint)left.Length, i = 0;
        for (; i + 2 * width <= length; i += 2 * width)
        {
            sum0 = TLanes.MultiplyAdd(sum0, ref x, ref y, i);
            sum1 = TLanes.MultiplyAdd(sum1, ref x, ref y, i + width);
        }
        for (; i + width <= length; i += width)
        {
            sum0 = TLanes.MultiplyAdd(sum0, ref x, ref y, i);
        }
        var sum = TLanes.Sum(sum0 + sum1);
        return i == length ? sum : sum + DotCodesScalar(left[(int)i..], right[(int)i..]);
    }

    private static void ThrowUnfitCodes(int left, int right)
    {
        ThrowIfLengthsDiffer(left, right);
        throw new ArgumentException($"The vectors have {left} codes; the most are {MaxCodes}.", nameof(left));
    }
}
