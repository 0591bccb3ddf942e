using RagPlatform.Numerics;
using RagPlatform.Numerics.Gradients;
using RagPlatform.Transformers.Bert;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>Layer normalisation of rows, forward and backward.</summary>
internal sealed class TrainableNorm
{
    private readonly bool full;
    private readonly float epsilon;

    public TrainableNorm(IWeights weights, NormNames names, NormNames savedNames, BertConfig config, EncoderTuning tuning)
    {
        full = tuning.Lora is null;
        epsilon = config.LayerNormEpsilon;
        Gain = new Parameter(savedNames.Gain, weights.Read(names.Gain, config.HiddenSize), config.HiddenSize, decays: false);
        Bias = new Parameter(savedNames.Bias, weights.Read(names.Bias, config.HiddenSize), config.HiddenSize, decays: false);
    }

    public Parameter Gain { get; }

    public Parameter Bias { get; }

    public IEnumerable<Parameter> Parameters => full ? [Gain, Bias] : [];

    /// <summary>The gain's gradient, then the bias's.</summary>
    public int ShareLength => full ? 2 * Gain.Columns : 0;

    /// <summary>y = norm(x), row by row.</summary>
    public void Forward(ReadOnlySpan<float> x, Span<float> y)
    {
        x.CopyTo(y);
        for (var row = 0; row < y.Length; row += Gain.Columns)
        {
            VectorMath.LayerNorm(y.Slice(row, Gain.Columns), Gain.Values, Bias.Values, epsilon);
        }
    }

    /// <summary>dY becomes dX, row by row.</summary>
    public void Backward(ReadOnlySpan<float> x, Span<float> gradient, Span<float> share)
    {
        var width = Gain.Columns;
        var gain = full ? share[..width] : [];
        var bias = full ? share[width..(2 * width)] : [];
        for (var row = 0; row < x.Length; row += width)
        {
            LayerNormGradient.Apply(x.Slice(row, width), Gain.Values, epsilon, gradient.Slice(row, width), gain, bias);
        }
    }

    public void AddShare(ReadOnlySpan<float> share)
    {
        if (full)
        {
            VectorMath.Add(Gain.Gradient, share[..Gain.Columns]);
            VectorMath.Add(Bias.Gradient, share[Gain.Columns..]);
        }
    }
}
