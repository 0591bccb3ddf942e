using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RagPlatform.Numerics.Lanes;

/// <summary>8 columns: AVX2 (vpmaddubsw), whose sums have 16 bits.</summary>
internal readonly unsafe struct ByteLanes256(Vector256<byte> lanes) : IByteLanes<ByteLanes256, Lanes256>
{
    private readonly Vector256<byte> _lanes = lanes;

    public static bool IsAccelerated => Avx2.IsSupported && Lanes256.IsAccelerated;

    public static int ActivationOffset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes256 Splat(byte* activations) => new(Vector256.Create(*(int*)activations).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes256 Load(sbyte* weights) => new(Vector256.Load((byte*)weights));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes256 Multiply(ByteLanes256 activations, ByteLanes256 weights) =>
        new(Avx2.MultiplyAddAdjacent(activations._lanes, weights._lanes.AsSByte()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes256 MultiplyAdd(ByteLanes256 sums, ByteLanes256 activations, ByteLanes256 weights) =>
        new((sums._lanes.AsInt16() + Avx2.MultiplyAddAdjacent(activations._lanes, weights._lanes.AsSByte())).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ToSingle(ByteLanes256 sums) =>
        new(Vector256.ConvertToSingle(Avx2.MultiplyAddAdjacent(sums._lanes.AsInt16(), Vector256.Create((short)1))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreCodes(Lanes256 codes, byte* to)
    {
        var whole = Vector256.ConvertToInt32Native(codes.Vector).AsUInt32();
        var words = Vector128.Narrow(whole.GetLower(), whole.GetUpper());
        *(ulong*)to = Vector128.Narrow(words, words).AsUInt64().ToScalar();
    }
}
