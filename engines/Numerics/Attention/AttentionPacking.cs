using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RagPlatform.Numerics;

/// <summary>A head's keys and values, laid out for <see cref="AttentionKernels"/>.</summary>
internal static unsafe class AttentionPacking
{
    /// <summary>Row t of [tokens, size] becomes column t of [size, padded]; the columns past the tokens are 0.</summary>
    public static void Transpose(float* from, int stride, int tokens, int size, float* to, int padded)
    {
        var blockTokens = Sse.IsSupported ? tokens / 4 * 4 : 0;
        var blockSize = size / 4 * 4;
        for (var token = 0; token < blockTokens; token += 4)
        {
            for (var column = 0; column < blockSize; column += 4)
            {
                Transpose4(from + ((long)token * stride) + column, stride, to + ((long)column * padded) + token, padded);
            }
        }
        for (var token = 0; token < tokens; token++)
        {
            for (var column = token < blockTokens ? blockSize : 0; column < size; column++)
            {
                to[((long)column * padded) + token] = from[((long)token * stride) + column];
            }
        }
        for (var column = 0; column < size; column++)
        {
            new Span<float>(to + ((long)column * padded) + tokens, padded - tokens).Clear();
        }
    }

    /// <summary>Row r of [4, 4] becomes column r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose4(float* from, nint stride, float* to, nint padded)
    {
        Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + stride), c = Vector128.Load(from + (2 * stride)), d = Vector128.Load(from + (3 * stride));
        Vector128<float> low = Sse.UnpackLow(a, b), low2 = Sse.UnpackLow(c, d), high = Sse.UnpackHigh(a, b), high2 = Sse.UnpackHigh(c, d);
        Sse.MoveLowToHigh(low, low2).Store(to);
        Sse.MoveHighToLow(low2, low).Store(to + padded);
        Sse.MoveLowToHigh(high, high2).Store(to + (2 * padded));
        Sse.MoveHighToLow(high2, high).Store(to + (3 * padded));
    }

    /// <summary>Rows of [tokens, size] close together, which the nearest cache holds where it does not hold them far apart.</summary>
    public static void Pack(float* from, int stride, int tokens, int size, float* to, int wide)
    {
        for (var token = 0; token < tokens; token++, from += stride, to += wide)
        {
            new ReadOnlySpan<float>(from, size).CopyTo(new Span<float>(to, size));
            new Span<float>(to + size, wide - size).Clear();
        }
    }
}
