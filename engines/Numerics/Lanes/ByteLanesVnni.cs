using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RagPlatform.Numerics.Lanes;

/// <summary>8 columns: AVX-VNNI (vpdpbusd).</summary>
internal readonly unsafe struct ByteLanesVnni(Vector256<byte> lanes) : IByteLanes<ByteLanesVnni, Lanes256>
{
    private readonly Vector256<byte> _lanes = lanes;

    public static bool IsAccelerated => AvxVnni.IsSupported;

    public static int ActivationOffset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanesVnni Splat(byte* activations) => new(Vector256.Create(*(int*)activations).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanesVnni Load(sbyte* weights) => new(Vector256.Load((byte*)weights));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanesVnni Multiply(ByteLanesVnni activations, ByteLanesVnni weights) =>
        MultiplyAdd(default, activations, weights);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanesVnni MultiplyAdd(ByteLanesVnni sums, ByteLanesVnni activations, ByteLanesVnni weights) =>
        new(AvxVnni.MultiplyWideningAndAdd(sums._lanes.AsInt32(), activations._lanes, weights._lanes.AsSByte()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ToSingle(ByteLanesVnni sums) => new(Vector256.ConvertToSingle(sums._lanes.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreCodes(Lanes256 codes, byte* to) => ByteLanes256.StoreCodes(codes, to);
}
