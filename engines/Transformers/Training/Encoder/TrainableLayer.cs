using RagPlatform.Transformers.Bert;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>The weights of one encoder layer, as <see cref="BertLayer"/> has them, with their gradients.</summary>
internal sealed class TrainableLayer
{
    public const int LinearCount = 4;

    public TrainableLayer(BertConfig config, IWeights weights, BertNames names, int layer, EncoderTuning tuning)
    {
        int hidden = config.HiddenSize, wide = config.IntermediateSize;
        var (from, to) = (names.Layer(layer), BertNames.Saved.Layer(layer));
        QueryKeyValue = new(
            [
                Part(from.Query, to.Query, hidden, hidden, EncoderTarget.Query),
                Part(from.Key, to.Key, hidden, hidden, EncoderTarget.Key),
                Part(from.Value, to.Value, hidden, hidden, EncoderTarget.Value),
            ],
            tuning);
        AttentionOutput = new([Part(from.AttentionOutput, to.AttentionOutput, hidden, hidden, EncoderTarget.AttentionOutput)], tuning);
        AttentionNorm = new(weights, from.AttentionNorm, to.AttentionNorm, config, tuning);
        Intermediate = new([Part(from.Intermediate, to.Intermediate, hidden, wide, EncoderTarget.Intermediate)], tuning);
        Output = new([Part(from.Output, to.Output, wide, hidden, EncoderTarget.Output)], tuning);
        OutputNorm = new(weights, from.OutputNorm, to.OutputNorm, config, tuning);
        Linears = [QueryKeyValue, AttentionOutput, Intermediate, Output];

        LinearPart Part(LinearNames read, LinearNames saved, int inputs, int outputs, EncoderTarget target) =>
            new(weights, read, saved, inputs, outputs, tuning, target, layer);
    }

    public TrainableLinear QueryKeyValue { get; }

    public TrainableLinear AttentionOutput { get; }

    public TrainableNorm AttentionNorm { get; }

    public TrainableLinear Intermediate { get; }

    public TrainableLinear Output { get; }

    public TrainableNorm OutputNorm { get; }

    /// <summary>All <see cref="LinearCount"/>, in the order in which they are applied.</summary>
    public TrainableLinear[] Linears { get; }

    public IEnumerable<Parameter> Parameters =>
    [
        .. QueryKeyValue.Parameters, .. AttentionOutput.Parameters, .. AttentionNorm.Parameters,
        .. Intermediate.Parameters, .. Output.Parameters, .. OutputNorm.Parameters,
    ];

    /// <summary>Every tensor of the layer, trained or not, by its saved name.</summary>
    public IEnumerable<Parameter> Tensors => Linears.SelectMany(linear => linear.Parts).SelectMany(part => new[] { part.Weight, part.Bias })
        .Concat([AttentionNorm.Gain, AttentionNorm.Bias, OutputNorm.Gain, OutputNorm.Bias]);
}
