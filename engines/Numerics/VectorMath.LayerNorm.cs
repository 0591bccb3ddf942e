using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

public static partial class VectorMath
{
    /// <summary>
    /// Layer normalisation in place: (x − mean) / √(variance + epsilon) · gain + bias, over one row, with the
    /// biased variance, in two passes (Ba, Kiros and Hinton 2016, arXiv:1607.06450).
    /// </summary>
    /// <param name="values">One row; not empty.</param>
    /// <param name="gain">As long as the row.</param>
    /// <param name="bias">As long as the row.</param>
    /// <param name="epsilon">Added to the variance; above 0.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void LayerNorm(
        Span<float> values, ReadOnlySpan<float> gain, ReadOnlySpan<float> bias, float epsilon)
    {
        ThrowIfLengthsDiffer(values.Length, gain.Length);
        ThrowIfLengthsDiffer(values.Length, bias.Length);
        if (Lanes512.IsAccelerated)
        {
            LayerNorm<Lanes512>(values, gain, bias, epsilon);
        }
        else if (Lanes256.IsAccelerated)
        {
            LayerNorm<Lanes256>(values, gain, bias, epsilon);
        }
        else if (Lanes128.IsAccelerated)
        {
            LayerNorm<Lanes128>(values, gain, bias, epsilon);
        }
        else
        {
            LayerNormScalar(values, gain, bias, epsilon);
        }
    }

    internal static void LayerNormScalar(
        Span<float> values, ReadOnlySpan<float> gain, ReadOnlySpan<float> bias, float epsilon)
    {
        var mean = SumScalar(values) / values.Length;
        var scale = 1 / MathF.Sqrt(SquaresScalar(values, mean) / values.Length + epsilon);
        ApplyNormScalar(values, gain, bias, mean, scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void LayerNorm<TLanes>(
        Span<float> values, ReadOnlySpan<float> gain, ReadOnlySpan<float> bias, float epsilon)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var x = ref MemoryMarshal.GetReference(values);
        ref var g = ref MemoryMarshal.GetReference(gain);
        ref var b = ref MemoryMarshal.GetReference(bias);
        nuint width = (nuint)TLanes.Width, length = (nuint)values.Length;
        nuint whole = length / width * width, even = length / (2 * width) * (2 * width);
        var tail = (int)whole;

        // Two sums, because one would wait for each addition to finish before the next begins.
        TLanes sums = default, sums2 = default;
        for (nuint i = 0; i < even; i += 2 * width)
        {
            sums += TLanes.Load(ref x, i);
            sums2 += TLanes.Load(ref x, i + width);
        }
        sums = even < whole ? sums + TLanes.Load(ref x, even) : sums;
        var mean = (TLanes.Sum(sums + sums2) + SumScalar(values[tail..])) / values.Length;

        TLanes squares = default, squares2 = default;
        var means = TLanes.Splat(mean);
        for (nuint i = 0; i < even; i += 2 * width)
        {
            TLanes deviation = TLanes.Load(ref x, i) - means, deviation2 = TLanes.Load(ref x, i + width) - means;
            squares = TLanes.MultiplyAdd(deviation, deviation, squares);
            squares2 = TLanes.MultiplyAdd(deviation2, deviation2, squares2);
        }
        if (even < whole)
        {
            var deviation = TLanes.Load(ref x, even) - means;
            squares = TLanes.MultiplyAdd(deviation, deviation, squares);
        }
        var variance = (TLanes.Sum(squares + squares2) + SquaresScalar(values[tail..], mean)) / values.Length;

        var scale = 1 / MathF.Sqrt(variance + epsilon);
        var scales = TLanes.Splat(scale);
        for (nuint i = 0; i < whole; i += width)
        {
            var normal = (TLanes.Load(ref x, i) - means) * scales;
            TLanes.Store(TLanes.MultiplyAdd(normal, TLanes.Load(ref g, i), TLanes.Load(ref b, i)), ref x, i);
        }
        ApplyNormScalar(values[tail..], gain[tail..], bias[tail..], mean, scale);
    }

    private static float SumScalar(ReadOnlySpan<float> values)
    {
        var sum = 0f;
        foreach (var value in values)
        {
            sum += value;
        }
        return sum;
    }

    private static float SquaresScalar(ReadOnlySpan<float> values, float mean)
    {
        var sum = 0f;
        foreach (var value in values)
        {
            sum += (value - mean) * (value - mean);
        }
        return sum;
    }

    private static void ApplyNormScalar(
        Span<float> values, ReadOnlySpan<float> gain, ReadOnlySpan<float> bias, float mean, float scale)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (values[i] - mean) * scale * gain[i] + bias[i];
        }
    }
}
