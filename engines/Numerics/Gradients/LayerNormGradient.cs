using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Gradients;

/// <summary>
/// The gradient of <see cref="VectorMath.LayerNorm"/>. With x̂ = (x − mean)·s, s = 1/√(variance + epsilon) and g = dy·gain:
/// dx = s·(g − mean(g) − x̂·mean(g·x̂)), dgain = Σ dy·x̂ and dbias = Σ dy over rows.
/// </summary>
public static class LayerNormGradient
{
    /// <summary>Turns one row's dy into dx, and adds to the gain's and the bias's gradients.</summary>
    /// <param name="input">x, what was normalised; not empty.</param>
    /// <param name="gain">As long as the row.</param>
    /// <param name="epsilon">As in the forward pass.</param>
    /// <param name="gradient">dy; dx afterwards.</param>
    /// <param name="gainGradient">Added to; empty where it is not wanted.</param>
    /// <param name="biasGradient">Added to; empty where it is not wanted.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Apply(
        ReadOnlySpan<float> input, ReadOnlySpan<float> gain, float epsilon, Span<float> gradient, Span<float> gainGradient, Span<float> biasGradient)
    {
        if (gain.Length != input.Length || gradient.Length != input.Length
            || (!gainGradient.IsEmpty && gainGradient.Length != input.Length) || (!biasGradient.IsEmpty && biasGradient.Length != input.Length))
        {
            throw new ArgumentException($"A row of {input.Length} values has a gain of {gain.Length} and a gradient of {gradient.Length}.", nameof(gradient));
        }
        if (!biasGradient.IsEmpty)
        {
            VectorMath.Add(biasGradient, gradient);
        }
        if (Lanes512.IsAccelerated)
        {
            Apply<Lanes512>(input, gain, epsilon, gradient, gainGradient);
        }
        else if (Lanes256.IsAccelerated)
        {
            Apply<Lanes256>(input, gain, epsilon, gradient, gainGradient);
        }
        else if (Lanes128.IsAccelerated)
        {
            Apply<Lanes128>(input, gain, epsilon, gradient, gainGradient);
        }
        else
        {
            ApplyScalar(input, gain, epsilon, gradient, gainGradient);
        }
    }

    internal static void ApplyScalar(ReadOnlySpan<float> input, ReadOnlySpan<float> gain, float epsilon, Span<float> gradient, Span<float> gainGradient)
    {
        float sum = 0, squares = 0, sumG = 0, sumGx = 0;
        foreach (var x in input)
        {
            sum += x;
        }
        var mean = sum / input.Length;
        foreach (var x in input)
        {
            squares += (x - mean) * (x - mean);
        }
        var scale = 1 / MathF.Sqrt((squares / input.Length) + epsilon);
        for (var i = 0; i < input.Length; i++)
        {
            sumG += gradient[i] * gain[i];
            sumGx += gradient[i] * gain[i] * (input[i] - mean) * scale;
        }
        Finish(input, gain, gradient, gainGradient, mean, scale, sumG / input.Length, sumGx / input.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Apply<TLanes>(ReadOnlySpan<float> input, ReadOnlySpan<float> gain, float epsilon, Span<float> gradient, Span<float> gainGradient)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var x = ref MemoryMarshal.GetReference(input);
        ref var g = ref MemoryMarshal.GetReference(gain);
        ref var d = ref MemoryMarshal.GetReference(gradient);
        ref var dg = ref MemoryMarshal.GetReference(gainGradient);
        nuint width = (nuint)TLanes.Width, length = (nuint)input.Length, whole = length / width * width;

        TLanes sums = default;
        for (nuint i = 0; i < whole; i += width)
        {
            sums += TLanes.Load(ref x, i);
        }
        var sum = TLanes.Sum(sums);
        for (var i = (int)whole; i < input.Length; i++)
        {
            sum += input[i];
        }
        var mean = sum / input.Length;

        TLanes squares = default, sumsG = default, sumsGx = default;
        var means = TLanes.Splat(mean);
        for (nuint i = 0; i < whole; i += width)
        {
            var deviation = TLanes.Load(ref x, i) - means;
            var weighted = TLanes.Load(ref d, i) * TLanes.Load(ref g, i);
            squares = TLanes.MultiplyAdd(deviation, deviation, squares);
            sumsG += weighted;
            sumsGx = TLanes.MultiplyAdd(weighted, deviation, sumsGx);
        }
        float square = TLanes.Sum(squares), sumG = TLanes.Sum(sumsG), sumGx = TLanes.Sum(sumsGx);
        for (var i = (int)whole; i < input.Length; i++)
        {
            var deviation = input[i] - mean;
            square += deviation * deviation;
            sumG += gradient[i] * gain[i];
            sumGx += gradient[i] * gain[i] * deviation;
        }
        var scale = 1 / MathF.Sqrt((square / input.Length) + epsilon);
        float meanG = sumG / input.Length, meanGx = sumGx * scale / input.Length;

        TLanes scales = TLanes.Splat(scale), meansG = TLanes.Splat(meanG), meansGx = TLanes.Splat(meanGx);
        for (nuint i = 0; i < whole; i += width)
        {
            var normal = (TLanes.Load(ref x, i) - means) * scales;
            var gradients = TLanes.Load(ref d, i);
            if (!gainGradient.IsEmpty)
            {
                TLanes.Store(TLanes.MultiplyAdd(gradients, normal, TLanes.Load(ref dg, i)), ref dg, i);
            }
            TLanes.Store(scales * ((gradients * TLanes.Load(ref g, i)) - meansG - (normal * meansGx)), ref d, i);
        }
        var tail = (int)whole;
        Finish(input[tail..], gain[tail..], gradient[tail..], gainGradient.IsEmpty ? [] : gainGradient[tail..], mean, scale, meanG, meanGx);
    }

    private static void Finish(
        ReadOnlySpan<float> input, ReadOnlySpan<float> gain, Span<float> gradient, Span<float> gainGradient, float mean, float scale, float meanG, float meanGx)
    {
        for (var i = 0; i < input.Length; i++)
        {
            var normal = (input[i] - mean) * scale;
            if (!gainGradient.IsEmpty)
            {
                gainGradient[i] += gradient[i] * normal;
            }
            gradient[i] = scale * ((gradient[i] * gain[i]) - meanG - (normal * meanGx));
        }
    }
}
