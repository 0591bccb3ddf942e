using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

/// <summary>
/// The left-hand matrix of a product in 8 bits: each row's values from its lowest to its highest on 256 steps, 0 among
/// them exactly; value ≈ (code − zero)·scale. A row's codes depend on that row alone.
/// </summary>
/// <remarks>Different rows may be written by several threads at a time.</remarks>
public sealed class QuantizedRows
{
    private const float HighestCode = 255f;

    private readonly byte[] _codes;
    private readonly float[] _scales;
    private readonly float[] _zeros;

    /// <param name="maxRows">Most rows.</param>
    /// <param name="depth">Values in a row.</param>
    public QuantizedRows(int maxRows, int depth)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(depth);
        (Depth, Stride) = (depth, (depth + QuantizedMatrix.DepthUnit - 1) / QuantizedMatrix.DepthUnit * QuantizedMatrix.DepthUnit);
        _codes = GC.AllocateArray<byte>(checked(maxRows * Stride), pinned: true);
        _scales = GC.AllocateArray<float>(maxRows, pinned: true);
        _zeros = GC.AllocateArray<float>(maxRows, pinned: true);
    }

    public int Depth { get; }

    public int MaxRows => _scales.Length;

    internal int Stride { get; }

    internal ReadOnlySpan<byte> Codes => _codes;

    internal ReadOnlySpan<float> Scales => _scales;

    internal ReadOnlySpan<float> Zeros => _zeros;

    /// <summary>Takes over a row.</summary>
    /// <param name="row">From 0 to below <see cref="MaxRows"/>.</param>
    /// <param name="values">As many as <see cref="Depth"/>.</param>
    public void Set(int row, ReadOnlySpan<float> values)
    {
        if (values.Length != Depth)
        {
            throw new ArgumentException($"The row has {values.Length} values; {Depth} are needed.", nameof(values));
        }
        var codes = _codes.AsSpan(row * Stride, Depth);
        (_scales[row], _zeros[row]) =
            ByteLanes512.IsAccelerated ? Quantize<ByteLanes512, Lanes512>(values, codes)
            : ByteLanes256.IsAccelerated ? Quantize<ByteLanes256, Lanes256>(values, codes)
            : ByteLanes128.IsAccelerated ? Quantize<ByteLanes128, Lanes128>(values, codes)
            : QuantizeScalar(values, codes);
    }

    internal static (float Scale, float Zero) QuantizeScalar(ReadOnlySpan<float> values, Span<byte> codes)
    {
        var (lowest, highest) = RangeScalar(values, 0, 0);
        var scale = (highest - lowest) / HighestCode;
        var (factor, zero) = Factors(scale, lowest);
        EncodeScalar(values, codes, factor, zero);
        return (scale, zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static unsafe (float Scale, float Zero) Quantize<TBytes, TFloat>(ReadOnlySpan<float> values, Span<byte> codes)
        where TBytes : struct, IByteLanes<TBytes, TFloat>
        where TFloat : struct, ILanes<TFloat>
    {
        ref var x = ref MemoryMarshal.GetReference(values);
        nuint width = (nuint)TFloat.Width, whole = (nuint)values.Length / width * width, even = whole / (2 * width) * 2 * width;
        // Not every machine's Min and Max keep a NaN; 0 · NaN does, and 0 · infinity becomes one. Two of each, because one
        // would wait for every step to finish before the next begins.
        TFloat low = default, low2 = default, high = default, high2 = default, poison = default, poison2 = default;
        for (nuint i = 0; i < even; i += 2 * width)
        {
            TFloat value = TFloat.Load(ref x, i), value2 = TFloat.Load(ref x, i + width);
            low = TFloat.Min(low, value);
            low2 = TFloat.Min(low2, value2);
            high = TFloat.Max(high, value);
            high2 = TFloat.Max(high2, value2);
            poison = TFloat.MultiplyAdd(value, default, poison);
            poison2 = TFloat.MultiplyAdd(value2, default, poison2);
        }
        if (even < whole)
        {
            var value = TFloat.Load(ref x, even);
            low = TFloat.Min(low, value);
            high = TFloat.Max(high, value);
            poison = TFloat.MultiplyAdd(value, default, poison);
        }
        low = TFloat.Min(low, low2);
        high = TFloat.Max(high, high2);
        var tail = (int)whole;
        var (lowest, highest) = RangeScalar(values[tail..], -TFloat.Highest(default(TFloat) - low), TFloat.Highest(high));
        var scale = ((highest - lowest) / HighestCode) + TFloat.Sum(poison + poison2);
        var (factor, zero) = Factors(scale, lowest);
        TFloat factors = TFloat.Splat(factor), zeros = TFloat.Splat(zero), top = TFloat.Splat(HighestCode);
        fixed (byte* to = codes)
        {
            for (nuint i = 0; i < whole; i += width)
            {
                var code = TFloat.Round(TFloat.MultiplyAdd(TFloat.Load(ref x, i), factors, zeros));
                TBytes.StoreCodes(TFloat.Max(default, TFloat.Min(top, code)), to + i);
            }
        }
        EncodeScalar(values[tail..], codes[tail..], factor, zero);
        return (scale, zero);
    }

    private static (float Factor, float Zero) Factors(float scale, float lowest)
    {
        var factor = scale > 0 ? 1 / scale : 0;
        return (factor, MathF.Round(-lowest * factor));
    }

    private static (float Lowest, float Highest) RangeScalar(ReadOnlySpan<float> values, float lowest, float highest)
    {
        foreach (var value in values)
        {
            lowest = MathF.Min(lowest, value);
            highest = MathF.Max(highest, value);
        }
        return (lowest, highest);
    }

    private static void EncodeScalar(ReadOnlySpan<float> values, Span<byte> codes, float factor, float zero)
    {
        for (var i = 0; i < values.Length; i++)
        {
            codes[i] = (byte)Math.Clamp(MathF.Round(MathF.FusedMultiplyAdd(values[i], factor, zero)), 0, HighestCode);
        }
    }
}
