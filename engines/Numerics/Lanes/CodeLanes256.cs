using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RagPlatform.Numerics.Lanes;

/// <summary>16 signed bytes a step, widened to 16 bits: AVX2.</summary>
internal readonly struct CodeLanes256(Vector256<int> sums) : ICodeLanes<CodeLanes256>
{
    private readonly Vector256<int> _sums = sums;

    public static bool IsAccelerated => Avx2.IsSupported;

    public static int Width => Vector128<sbyte>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CodeLanes256 MultiplyAdd(CodeLanes256 sum, ref readonly sbyte left, ref readonly sbyte right, nuint index) =>
        new(sum._sums + Avx2.MultiplyAddAdjacent(
            Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(in left, index)),
            Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(in right, index))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CodeLanes256 operator +(CodeLanes256 left, CodeLanes256 right) => new(left._sums + right._sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Sum(CodeLanes256 value) => Vector256.Sum(value._sums);
}
