using RagPlatform.Numerics;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Bert;

/// <summary>Layer normalisation of rows.</summary>
internal sealed class Norm(float[] gain, float[] bias, float epsilon)
{
    public static Norm Read(IWeights weights, NormNames names, BertConfig config) => new(
        weights.Read(names.Gain, config.HiddenSize), weights.Read(names.Bias, config.HiddenSize), config.LayerNormEpsilon);

    /// <param name="row">Normalised in place.</param>
    public void Apply(Span<float> row) => VectorMath.LayerNorm(row, gain, bias, epsilon);

    /// <summary>row = norm(row + addend).</summary>
    public void Apply(Span<float> row, ReadOnlySpan<float> addend)
    {
        VectorMath.Add(row, addend);
        Apply(row);
    }
}
