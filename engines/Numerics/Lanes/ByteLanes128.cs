using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace RagPlatform.Numerics.Lanes;

/// <summary>4 columns: Arm64 Neon, with its dot product (sdot) where the machine has it. Both factors are signed.</summary>
internal readonly unsafe struct ByteLanes128(Vector128<byte> lanes) : IByteLanes<ByteLanes128, Lanes128>
{
    private readonly Vector128<byte> _lanes = lanes;

    public static bool IsAccelerated => AdvSimd.Arm64.IsSupported;

    public static int ActivationOffset => 128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes128 Splat(byte* activations) =>
        new((Vector128.Create(*(int*)activations) ^ Vector128.Create(unchecked((int)0x80808080))).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes128 Load(sbyte* weights) => new(Vector128.Load((byte*)weights));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes128 Multiply(ByteLanes128 activations, ByteLanes128 weights) =>
        MultiplyAdd(default, activations, weights);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes128 MultiplyAdd(ByteLanes128 sums, ByteLanes128 activations, ByteLanes128 weights)
    {
        Vector128<sbyte> a = activations._lanes.AsSByte(), w = weights._lanes.AsSByte();
        if (Dp.IsSupported)
        {
            return new(Dp.DotProduct(sums._lanes.AsInt32(), a, w).AsByte());
        }
        var lower = AdvSimd.AddPairwiseWidening(AdvSimd.MultiplyWideningLower(a.GetLower(), w.GetLower()));
        var upper = AdvSimd.AddPairwiseWidening(AdvSimd.MultiplyWideningUpper(a, w));
        return new((sums._lanes.AsInt32() + AdvSimd.Arm64.AddPairwise(lower, upper)).AsByte());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 ToSingle(ByteLanes128 sums) => new(Vector128.ConvertToSingle(sums._lanes.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreCodes(Lanes128 codes, byte* to)
    {
        var whole = Vector128.ConvertToInt32Native(codes.Vector).AsUInt32();
        var words = Vector128.Narrow(whole, whole);
        *(uint*)to = Vector128.Narrow(words, words).AsUInt32().ToScalar();
    }
}
