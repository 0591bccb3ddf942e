using RagPlatform.Numerics;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Bert;

/// <summary>Layer normalisation of rows.</summary>
internal sealed class Norm(float[] gain, float[] bias, float epsilon)
{
    public static Norm Read(IWeights weights, NormNames names, BertConfig config) => new(
        weights.Read(names.Gain, config.HiddenSize), weights.Read(names.Bias, config.HiddenSize), config.LayerNormEpsilon);

    /// <param name="x">[rows, width], normalised in place, row by row.</param>
    public void Apply(Span<float> x)
    {
        for (; !x.IsEmpty; x = x[gain.Length..])
        {
            VectorMath.LayerNorm(x[..gain.Length], gain, bias, epsilon);
        }
    }

    /// <summary>x = norm(x + residual), both [rows, width].</summary>
    public void Apply(Span<float> x, ReadOnlySpan<float> residual)
    {
        VectorMath.Add(x, residual);
        Apply(x);
    }
}
