using System.Runtime.CompilerServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

/// <summary>The innermost loops of <see cref="QuantizedMultiply"/>, unrolled by hand as <see cref="MultiplyKernels"/> are.</summary>
internal static unsafe class QuantizedKernels
{
    /// <summary>Does as many rows at once as the registers hold and the matrix has left; returns how many.</summary>
    public static int Run<TBytes, TFloat>(in QuantizedTile a, in QuantizedPanel b, float* c, nint cStride, int rowsLeft)
        where TBytes : struct, IByteLanes<TBytes, TFloat>
        where TFloat : struct, ILanes<TFloat>
    {
        // AVX2 has 16 registers: 2 rows × (3 of whole numbers + 3 of fp32) + 3 of B + 1 of A. AVX-512 and Neon have 32.
        if (rowsLeft >= 4 && TFloat.Width != Lanes256.Width)
        {
            Rows4<TBytes, TFloat>(a, b, c, cStride);
            return 4;
        }
        if (rowsLeft >= 2)
        {
            Rows2<TBytes, TFloat>(a, b, c, cStride);
            return 2;
        }
        Rows1<TBytes, TFloat>(a, b, c);
        return 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows4<TBytes, TFloat>(in QuantizedTile a, in QuantizedPanel b, float* c, nint cStride)
        where TBytes : struct, IByteLanes<TBytes, TFloat>
        where TFloat : struct, ILanes<TFloat>
    {
        int width = TFloat.Width, bytes = 4 * width, steps = b.StepsPerBlock;
        byte* a0 = a.Codes, a1 = a0 + a.Stride, a2 = a1 + a.Stride, a3 = a2 + a.Stride;
        var codes = b.Codes;
        var step = b.Steps;
        TFloat x0 = default, y0 = default, z0 = default;
        TFloat x1 = default, y1 = default, z1 = default;
        TFloat x2 = default, y2 = default, z2 = default;
        TFloat x3 = default, y3 = default, z3 = default;
        nint k = 0;
        for (var block = b.Blocks; block > 0; block--, step += 3 * width)
        {
            // The first step has nothing to add to.
            TBytes p = TBytes.Load(codes), q = TBytes.Load(codes + bytes), r = TBytes.Load(codes + (2 * bytes));
            TBytes s0 = TBytes.Splat(a0 + k), s1 = TBytes.Splat(a1 + k), s2 = TBytes.Splat(a2 + k), s3 = TBytes.Splat(a3 + k);
            TBytes p0 = TBytes.Multiply(s0, p), q0 = TBytes.Multiply(s0, q), r0 = TBytes.Multiply(s0, r);
            TBytes p1 = TBytes.Multiply(s1, p), q1 = TBytes.Multiply(s1, q), r1 = TBytes.Multiply(s1, r);
            TBytes p2 = TBytes.Multiply(s2, p), q2 = TBytes.Multiply(s2, q), r2 = TBytes.Multiply(s2, r);
            TBytes p3 = TBytes.Multiply(s3, p), q3 = TBytes.Multiply(s3, q), r3 = TBytes.Multiply(s3, r);
            k += 4;
            codes += 3 * bytes;
            for (var i = steps; i > 1; i--, k += 4, codes += 3 * bytes)
            {
                p = TBytes.Load(codes);
                q = TBytes.Load(codes + bytes);
                r = TBytes.Load(codes + (2 * bytes));
                s0 = TBytes.Splat(a0 + k);
                p0 = TBytes.MultiplyAdd(p0, s0, p);
                q0 = TBytes.MultiplyAdd(q0, s0, q);
                r0 = TBytes.MultiplyAdd(r0, s0, r);
                s1 = TBytes.Splat(a1 + k);
                p1 = TBytes.MultiplyAdd(p1, s1, p);
                q1 = TBytes.MultiplyAdd(q1, s1, q);
                r1 = TBytes.MultiplyAdd(r1, s1, r);
                s2 = TBytes.Splat(a2 + k);
                p2 = TBytes.MultiplyAdd(p2, s2, p);
                q2 = TBytes.MultiplyAdd(q2, s2, q);
                r2 = TBytes.MultiplyAdd(r2, s2, r);
                s3 = TBytes.Splat(a3 + k);
                p3 = TBytes.MultiplyAdd(p3, s3, p);
                q3 = TBytes.MultiplyAdd(q3, s3, q);
                r3 = TBytes.MultiplyAdd(r3, s3, r);
            }
            TFloat u = TFloat.Load(ref *step, 0), v = TFloat.Load(ref *step, (nuint)width), w = TFloat.Load(ref *step, (nuint)(2 * width));
            x0 = TFloat.MultiplyAdd(TBytes.ToSingle(p0), u, x0);
            y0 = TFloat.MultiplyAdd(TBytes.ToSingle(q0), v, y0);
            z0 = TFloat.MultiplyAdd(TBytes.ToSingle(r0), w, z0);
            x1 = TFloat.MultiplyAdd(TBytes.ToSingle(p1), u, x1);
            y1 = TFloat.MultiplyAdd(TBytes.ToSingle(q1), v, y1);
            z1 = TFloat.MultiplyAdd(TBytes.ToSingle(r1), w, z1);
            x2 = TFloat.MultiplyAdd(TBytes.ToSingle(p2), u, x2);
            y2 = TFloat.MultiplyAdd(TBytes.ToSingle(q2), v, y2);
            z2 = TFloat.MultiplyAdd(TBytes.ToSingle(r2), w, z2);
            x3 = TFloat.MultiplyAdd(TBytes.ToSingle(p3), u, x3);
            y3 = TFloat.MultiplyAdd(TBytes.ToSingle(q3), v, y3);
            z3 = TFloat.MultiplyAdd(TBytes.ToSingle(r3), w, z3);
        }
        Store<TBytes, TFloat>(x0, y0, z0, a, 0, b, c);
        Store<TBytes, TFloat>(x1, y1, z1, a, 1, b, c + cStride);
        Store<TBytes, TFloat>(x2, y2, z2, a, 2, b, c + (2 * cStride));
        Store<TBytes, TFloat>(x3, y3, z3, a, 3, b, c + (3 * cStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows2<TBytes, TFloat>(in QuantizedTile a, in QuantizedPanel b, float* c, nint cStride)
        where TBytes : struct, IByteLanes<TBytes, TFloat>
        where TFloat : struct, ILanes<TFloat>
    {
        int width = TFloat.Width, bytes = 4 * width, steps = b.StepsPerBlock;
        byte* a0 = a.Codes, a1 = a0 + a.Stride;
        var codes = b.Codes;
        var step = b.Steps;
        TFloat x0 = default, y0 = default, z0 = default;
        TFloat x1 = default, y1 = default, z1 = default;
        nint k = 0;
        for (var block = b.Blocks; block > 0; block--, step += 3 * width)
        {
            TBytes p0 = default, q0 = default, r0 = default;
            TBytes p1 = default, q1 = default, r1 = default;
            for (var i = steps; i > 0; i--, k += 4, codes += 3 * bytes)
            {
                TBytes p = TBytes.Load(codes), q = TBytes.Load(codes + bytes), r = TBytes.Load(codes + (2 * bytes));
                var s0 = TBytes.Splat(a0 + k);
                p0 = TBytes.MultiplyAdd(p0, s0, p);
                q0 = TBytes.MultiplyAdd(q0, s0, q);
                r0 = TBytes.MultiplyAdd(r0, s0, r);
                var s1 = TBytes.Splat(a1 + k);
                p1 = TBytes.MultiplyAdd(p1, s1, p);
                q1 = TBytes.MultiplyAdd(q1, s1, q);
                r1 = TBytes.MultiplyAdd(r1, s1, r);
            }
            TFloat u = TFloat.Load(ref *step, 0), v = TFloat.Load(ref *step, (nuint)width), w = TFloat.Load(ref *step, (nuint)(2 * width));
            x0 = TFloat.MultiplyAdd(TBytes.ToSingle(p0), u, x0);
            y0 = TFloat.MultiplyAdd(TBytes.ToSingle(q0), v, y0);
            z0 = TFloat.MultiplyAdd(TBytes.ToSingle(r0), w, z0);
            x1 = TFloat.MultiplyAdd(TBytes.ToSingle(p1), u, x1);
            y1 = TFloat.MultiplyAdd(TBytes.ToSingle(q1), v, y1);
            z1 = TFloat.MultiplyAdd(TBytes.ToSingle(r1), w, z1);
        }
        Store<TBytes, TFloat>(x0, y0, z0, a, 0, b, c);
        Store<TBytes, TFloat>(x1, y1, z1, a, 1, b, c + cStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows1<TBytes, TFloat>(in QuantizedTile a, in QuantizedPanel b, float* c)
        where TBytes : struct, IByteLanes<TBytes, TFloat>
        where TFloat : struct, ILanes<TFloat>
    {
        int width = TFloat.Width, bytes = 4 * width, steps = b.StepsPerBlock;
        var codes = b.Codes;
        var step = b.Steps;
        TFloat x0 = default, y0 = default, z0 = default;
        nint k = 0;
        for (var block = b.Blocks; block > 0; block--, step += 3 * width)
        {
            TBytes p0 = default, q0 = default, r0 = default;
            for (var i = steps; i > 0; i--, k += 4, codes += 3 * bytes)
            {
                var s0 = TBytes.Splat(a.Codes + k);
                p0 = TBytes.MultiplyAdd(p0, s0, TBytes.Load(codes));
                q0 = TBytes.MultiplyAdd(q0, s0, TBytes.Load(codes + bytes));
                r0 = TBytes.MultiplyAdd(r0, s0, TBytes.Load(codes + (2 * bytes)));
            }
            x0 = TFloat.MultiplyAdd(TBytes.ToSingle(p0), TFloat.Load(ref *step, 0), x0);
            y0 = TFloat.MultiplyAdd(TBytes.ToSingle(q0), TFloat.Load(ref *step, (nuint)width), y0);
            z0 = TFloat.MultiplyAdd(TBytes.ToSingle(r0), TFloat.Load(ref *step, (nuint)(2 * width)), z0);
        }
        Store<TBytes, TFloat>(x0, y0, z0, a, 0, b, c);
    }

    /// <summary>(value − zero · sum of weights) · scale + bias: the codes' zero and scale taken out again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TBytes, TFloat>(TFloat x, TFloat y, TFloat z, in QuantizedTile a, int row, in QuantizedPanel b, float* c)
        where TBytes : struct, IByteLanes<TBytes, TFloat>
        where TFloat : struct, ILanes<TFloat>
    {
        nuint width = (nuint)TFloat.Width;
        TFloat scale = TFloat.Splat(a.Scales[row]), zero = TFloat.Splat(TBytes.ActivationOffset - a.Zeros[row]);
        x = TFloat.MultiplyAdd(zero, TFloat.Load(ref *b.Sums, 0), x);
        y = TFloat.MultiplyAdd(zero, TFloat.Load(ref *b.Sums, width), y);
        z = TFloat.MultiplyAdd(zero, TFloat.Load(ref *b.Sums, 2 * width), z);
        if (b.Bias == null)
        {
            TFloat.Store(x * scale, ref *c, 0);
            TFloat.Store(y * scale, ref *c, width);
            TFloat.Store(z * scale, ref *c, 2 * width);
            return;
        }
        TFloat.Store(TFloat.MultiplyAdd(x, scale, TFloat.Load(ref *b.Bias, 0)), ref *c, 0);
        TFloat.Store(TFloat.MultiplyAdd(y, scale, TFloat.Load(ref *b.Bias, width)), ref *c, width);
        TFloat.Store(TFloat.MultiplyAdd(z, scale, TFloat.Load(ref *b.Bias, 2 * width)), ref *c, 2 * width);
    }
}
