using System.Runtime.CompilerServices;

namespace RagPlatform.Search.Vectors.Graph;

/// <summary>A row and its score in 64 bits that compare as numbers: the higher, the better; of equal scores, the lower row.</summary>
internal static class GraphKey
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(float score, int row)
    {
        // Of two fp32 numbers above 0 the larger has the larger bits; below 0 it is the other way round.
        var bits = BitConverter.SingleToInt32Bits(score);
        var ordered = (uint)(bits ^ ((bits >> 31) & int.MaxValue)) ^ 0x8000_0000;
        return ((ulong)ordered << 32) | ~(uint)row;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Row(ulong key) => (int)~(uint)key;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Score(ulong key)
    {
        var ordered = (int)((uint)(key >> 32) ^ 0x8000_0000);
        return BitConverter.Int32BitsToSingle(ordered ^ ((ordered >> 31) & int.MaxValue));
    }
}
