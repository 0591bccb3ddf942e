using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RagPlatform.Transformers.Training;

/// <summary>One step's update of values, in fp32, with the operations in torch.optim.AdamW's order.</summary>
internal readonly struct AdamWKernel
{
    private readonly float gradientFactor;
    private readonly float keep;
    private readonly float beta1;
    private readonly float beta2;
    private readonly float gain1;
    private readonly float gain2;
    private readonly float stepSize;
    private readonly float correction;
    private readonly float epsilon;

    /// <param name="settings">Of the optimizer.</param>
    /// <param name="step">With the rate before <paramref name="rateFactor"/>.</param>
    /// <param name="rateFactor">Of the parameter.</param>
    /// <param name="decays">Whether weight decay applies.</param>
    public AdamWKernel(AdamWSettings settings, AdamWStep step, double rateFactor, bool decays)
    {
        var rate = step.LearningRate * rateFactor;
        gradientFactor = (float)step.GradientFactor;
        keep = decays ? (float)(1 - (rate * settings.WeightDecay)) : 1;
        (beta1, beta2) = ((float)settings.Beta1, (float)settings.Beta2);
        (gain1, gain2) = ((float)(1 - settings.Beta1), (float)(1 - settings.Beta2));
        stepSize = (float)(rate / step.Correction1);
        correction = (float)Math.Sqrt(step.Correction2);
        epsilon = (float)settings.Epsilon;
    }

    /// <summary>
    /// All four have the same length. A rest that fills no register is computed in one all the same, so that a value's bits
    /// do not depend on where its piece begins.
    /// </summary>
    /// <param name="values">Moved.</param>
    /// <param name="gradient">Read.</param>
    /// <param name="mean">Of gradients.</param>
    /// <param name="square">Mean of squared gradients.</param>
    public void Update(Span<float> values, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square)
    {
        var whole = values.Length - (values.Length % Vector<float>.Count);
        UpdateWhole(values[..whole], gradient[..whole], mean[..whole], square[..whole]);
        if (whole == values.Length)
        {
            return;
        }

        Span<float> w = stackalloc float[Vector<float>.Count], g = stackalloc float[Vector<float>.Count];
        Span<float> m = stackalloc float[Vector<float>.Count], v = stackalloc float[Vector<float>.Count];
        values[whole..].CopyTo(w);
        gradient[whole..].CopyTo(g);
        mean[whole..].CopyTo(m);
        square[whole..].CopyTo(v);
        UpdateWhole(w, g, m, v);
        var rest = values.Length - whole;
        w[..rest].CopyTo(values[whole..]);
        m[..rest].CopyTo(mean[whole..]);
        v[..rest].CopyTo(square[whole..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void UpdateWhole(Span<float> values, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square)
    {
        ref var w = ref MemoryMarshal.GetReference(values);
        ref var g = ref MemoryMarshal.GetReference(gradient);
        ref var m = ref MemoryMarshal.GetReference(mean);
        ref var v = ref MemoryMarshal.GetReference(square);
        nuint length = (nuint)values.Length, width = (nuint)Vector<float>.Count;
        for (nuint i = 0; i < length; i += width)
        {
            var gradients = Vector.LoadUnsafe(ref g, i) * gradientFactor;
            var means = (Vector.LoadUnsafe(ref m, i) * beta1) + (gradients * gain1);
            var squares = (Vector.LoadUnsafe(ref v, i) * beta2) + (gradients * gradients * gain2);
            var denominators = (Vector.SquareRoot(squares) / new Vector<float>(correction)) + new Vector<float>(epsilon);
            Vector.StoreUnsafe((Vector.LoadUnsafe(ref w, i) * keep) - (means / denominators * stepSize), ref w, i);
            Vector.StoreUnsafe(means, ref m, i);
            Vector.StoreUnsafe(squares, ref v, i);
        }
    }
}
