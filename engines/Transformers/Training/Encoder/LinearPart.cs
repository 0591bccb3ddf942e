using RagPlatform.Numerics.Gradients;
using RagPlatform.Transformers.Bert;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>One linear layer's weight [outputs, inputs] and bias [outputs], trained or with an adapter's pair beside it.</summary>
internal sealed class LinearPart
{
    public LinearPart(IWeights weights, LinearNames names, LinearNames savedNames, int inputs, int outputs, EncoderTuning tuning, EncoderTarget target, int layer)
    {
        Name = savedNames.Weight[..^".weight".Length];
        (Inputs, Outputs) = (inputs, outputs);
        Weight = new Parameter(savedNames.Weight, weights.Read(names.Weight, outputs, inputs), inputs, decays: true);
        Bias = new Parameter(savedNames.Bias, weights.Read(names.Bias, outputs), outputs, decays: false);
        if (tuning.Lora is { } lora && lora.Targets.Contains(target))
        {
            var down = new float[lora.Rank * inputs];
            RandomFill.Uniform(down, 1 / MathF.Sqrt(inputs), Dropout.Stream(lora.Seed, layer, (int)target, 0));
            Down = new Parameter($"{Name}.lora_A.weight", down, inputs, decays: true);
            Up = new Parameter($"{Name}.lora_B.weight", new float[outputs * lora.Rank], lora.Rank, decays: true);
        }
    }

    /// <summary>Hugging Face's module, such as "encoder.layer.0.attention.self.query".</summary>
    public string Name { get; }

    public int Inputs { get; }

    public int Outputs { get; }

    public Parameter Weight { get; }

    public Parameter Bias { get; }

    /// <summary>A [rank, inputs]; null where there is no adapter.</summary>
    public Parameter? Down { get; }

    /// <summary>B [outputs, rank]; null where there is no adapter.</summary>
    public Parameter? Up { get; }
}
