using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace RagPlatform.Numerics.Lanes;

/// <summary>16 signed bytes a step: Arm64 Neon.</summary>
internal readonly struct CodeLanes128(Vector128<int> sums) : ICodeLanes<CodeLanes128>
{
    private readonly Vector128<int> _sums = sums;

    public static bool IsAccelerated => AdvSimd.Arm64.IsSupported;

    public static int Width => Vector128<sbyte>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CodeLanes128 MultiplyAdd(CodeLanes128 sum, ref readonly sbyte left, ref readonly sbyte right, nuint index)
    {
        var x = Vector128.LoadUnsafe(in left, index);
        var y = Vector128.LoadUnsafe(in right, index);
        if (Dp.IsSupported)
        {
            return new(Dp.DotProduct(sum._sums, x, y));
        }

        var lower = AdvSimd.AddPairwiseWideningAndAdd(sum._sums, AdvSimd.MultiplyWideningLower(x.GetLower(), y.GetLower()));
        return new(AdvSimd.AddPairwiseWideningAndAdd(lower, AdvSimd.MultiplyWideningUpper(x, y)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CodeLanes128 operator +(CodeLanes128 left, CodeLanes128 right) => new(left._sums + right._sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Sum(CodeLanes128 value) => Vector128.Sum(value._sums);
}
