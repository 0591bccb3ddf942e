using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Gradients;

/// <summary>Backward of <see cref="VectorMath.RmsNorm"/>, row by row.</summary>
public static class RmsNormGradient
{
    /// <summary>Adds the gradient of a row's source: r·(gain∘dy − x·r²·mean(gain∘dy∘x)), r = 1 / √(mean of squares + epsilon).</summary>
    /// <param name="source">The row before it was normalised; not empty.</param>
    /// <param name="gain">As long as the row.</param>
    /// <param name="epsilon">As in the forward pass.</param>
    /// <param name="outputGradient">As long as the row.</param>
    /// <param name="sourceGradient">As long as the row; added to.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void AddSource(
        ReadOnlySpan<float> source, ReadOnlySpan<float> gain, float epsilon, ReadOnlySpan<float> outputGradient, Span<float> sourceGradient)
    {
        VectorMath.ThrowIfLengthsDiffer(source.Length, gain.Length);
        VectorMath.ThrowIfLengthsDiffer(source.Length, outputGradient.Length);
        VectorMath.ThrowIfLengthsDiffer(source.Length, sourceGradient.Length);
        if (Lanes512.IsAccelerated)
        {
            AddSource<Lanes512>(source, gain, epsilon, outputGradient, sourceGradient);
        }
        else if (Lanes256.IsAccelerated)
        {
            AddSource<Lanes256>(source, gain, epsilon, outputGradient, sourceGradient);
        }
        else if (Lanes128.IsAccelerated)
        {
            AddSource<Lanes128>(source, gain, epsilon, outputGradient, sourceGradient);
        }
        else
        {
            AddSourceScalar(source, gain, epsilon, outputGradient, sourceGradient);
        }
    }

    /// <summary>Adds a row's part of the gain's gradient: dy∘x·r.</summary>
    /// <param name="source">The row before it was normalised; not empty.</param>
    /// <param name="epsilon">As in the forward pass.</param>
    /// <param name="outputGradient">As long as the row.</param>
    /// <param name="gainGradient">As long as the row; added to.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void AddGain(ReadOnlySpan<float> source, float epsilon, ReadOnlySpan<float> outputGradient, Span<float> gainGradient)
    {
        VectorMath.ThrowIfLengthsDiffer(source.Length, outputGradient.Length);
        VectorMath.ThrowIfLengthsDiffer(source.Length, gainGradient.Length);
        var scale = 1 / MathF.Sqrt(VectorMath.Dot(source, source) / source.Length + epsilon);
        for (var i = 0; i < source.Length; i++)
        {
            gainGradient[i] += outputGradient[i] * source[i] * scale;
        }
    }

    internal static void AddSourceScalar(
        ReadOnlySpan<float> source, ReadOnlySpan<float> gain, float epsilon, ReadOnlySpan<float> outputGradient, Span<float> sourceGradient)
    {
        var scale = 1 / MathF.Sqrt(VectorMath.DotScalar(source, source) / source.Length + epsilon);
        var product = 0f;
        for (var i = 0; i < source.Length; i++)
        {
            product += outputGradient[i] * gain[i] * source[i];
        }
        AddTail(source, gain, outputGradient, sourceGradient, scale, -product * scale * scale * scale / source.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddSource<TLanes>(
        ReadOnlySpan<float> source, ReadOnlySpan<float> gain, float epsilon, ReadOnlySpan<float> outputGradient, Span<float> sourceGradient)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var x = ref MemoryMarshal.GetReference(source);
        ref var g = ref MemoryMarshal.GetReference(gain);
        ref var y = ref MemoryMarshal.GetReference(outputGradient);
        ref var to = ref MemoryMarshal.GetReference(sourceGradient);
        nuint width = (nuint)TLanes.Width, length = (nuint)source.Length, i = 0;
        TLanes squares = default, products = default;
        for (; i + width <= length; i += width)
        {
            var value = TLanes.Load(ref x, i);
            squares = TLanes.MultiplyAdd(value, value, squares);
            products = TLanes.MultiplyAdd(TLanes.Load(ref y, i) * TLanes.Load(ref g, i), value, products);
        }
        var tail = (int)i;
        var product = TLanes.Sum(products);
        for (var j = tail; j < source.Length; j++)
        {
            product += outputGradient[j] * gain[j] * source[j];
        }
        var square = TLanes.Sum(squares) + VectorMath.DotScalar(source[tail..], source[tail..]);
        var scale = 1 / MathF.Sqrt(square / source.Length + epsilon);
        var factor = -product * scale * scale * scale / source.Length;
        TLanes scales = TLanes.Splat(scale), factors = TLanes.Splat(factor);
        for (i = 0; i + width <= length; i += width)
        {
            var gradient = TLanes.MultiplyAdd(TLanes.Load(ref y, i) * TLanes.Load(ref g, i), scales, TLanes.Load(ref to, i));
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(ref x, i), factors, gradient), ref to, i);
        }
        AddTail(source[tail..], gain[tail..], outputGradient[tail..], sourceGradient[tail..], scale, factor);
    }

    private static void AddTail(
        ReadOnlySpan<float> source, ReadOnlySpan<float> gain, ReadOnlySpan<float> outputGradient, Span<float> sourceGradient, float scale, float factor)
    {
        for (var i = 0; i < source.Length; i++)
        {
            sourceGradient[i] += outputGradient[i] * gain[i] * scale + source[i] * factor;
        }
    }
}
