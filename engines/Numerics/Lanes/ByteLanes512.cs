using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RagPlatform.Numerics.Lanes;

/// <summary>16 columns: AVX-512BW (vpmaddubsw), whose sums have 16 bits. .NET 10 has the 512-bit vpdpbusd only with AVX10.2.</summary>
internal readonly unsafe struct ByteLanes512(Vector512<byte> lanes) : IByteLanes<ByteLanes512, Lanes512>
{
    private readonly Vector512<byte> _lanes = lanes;

    public static bool IsAccelerated => Avx512BW.IsSupported;

    public static int ActivationOffset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes512 Splat(byte* activations) => new(Vector512.Create(*(int*)activations).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes512 Load(sbyte* weights) => new(Vector512.Load((byte*)weights));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes512 Multiply(ByteLanes512 activations, ByteLanes512 weights) =>
        new(Avx512BW.MultiplyAddAdjacent(activations._lanes, weights._lanes.AsSByte()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes512 MultiplyAdd(ByteLanes512 sums, ByteLanes512 activations, ByteLanes512 weights) =>
        new((sums._lanes.AsInt16() + Avx512BW.MultiplyAddAdjacent(activations._lanes, weights._lanes.AsSByte())).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ToSingle(ByteLanes512 sums) =>
        new(Vector512.ConvertToSingle(Avx512BW.MultiplyAddAdjacent(sums._lanes.AsInt16(), Vector512.Create((short)1))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreCodes(Lanes512 codes, byte* to) =>
        Avx512F.ConvertToVector128Byte(Vector512.ConvertToInt32Native(codes.Vector)).Store(to);
}
