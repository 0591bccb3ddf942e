using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RagPlatform.Numerics.Lanes;

/// <summary>32 signed bytes a step, widened to 16 bits: AVX-512.</summary>
internal readonly struct CodeLanes512(Vector512<int> sums) : ICodeLanes<CodeLanes512>
{
    private readonly Vector512<int> _sums = sums;

    public static bool IsAccelerated => Avx512BW.IsSupported;

    public static int Width => Vector256<sbyte>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CodeLanes512 MultiplyAdd(CodeLanes512 sum, ref readonly sbyte left, ref readonly sbyte right, nuint index) =>
        new(sum._sums + Avx512BW.MultiplyAddAdjacent(
            Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(in left, index)),
            Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(in right, index))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CodeLanes512 operator +(CodeLanes512 left, CodeLanes512 right) => new(left._sums + right._sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Sum(CodeLanes512 value) => Vector512.Sum(value._sums);
}
