using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RagPlatform.Numerics.Lanes;

/// <summary>32 signed bytes a step: AVX-VNNI (vpdpbusd).</summary>
/// <remarks>
/// The instruction multiplies unsigned by signed bytes, so 128 is added to the left ones, and 128 times the right ones,
/// summed beside, is taken off at the end.
/// </remarks>
internal readonly struct CodeLanesVnni(Vector256<int> sums, Vector256<int> excess) : ICodeLanes<CodeLanesVnni>
{
    private readonly Vector256<int> _sums = sums;
    private readonly Vector256<int> _excess = excess;

    public static bool IsAccelerated => AvxVnni.IsSupported;

    public static int Width => Vector256<sbyte>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CodeLanesVnni MultiplyAdd(CodeLanesVnni sum, ref readonly sbyte left, ref readonly sbyte right, nuint index)
    {
        var offset = Vector256.Create((byte)0x80);
        var factors = Vector256.LoadUnsafe(in right, index);
        return new(
            AvxVnni.MultiplyWideningAndAdd(sum._sums, Vector256.LoadUnsafe(in left, index).AsByte() ^ offset, factors),
            AvxVnni.MultiplyWideningAndAdd(sum._excess, offset, factors));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CodeLanesVnni operator +(CodeLanesVnni left, CodeLanesVnni right) =>
        new(left._sums + right._sums, left._excess + right._excess);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Sum(CodeLanesVnni value) => Vector256.Sum(value._sums - value._excess);
}
