using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Bert;

/// <summary>
/// The weights of one encoder layer: self-attention and a feed-forward block, each added to its input and normalised after
/// (Vaswani et al. 2017, arXiv:1706.03762; Devlin et al. 2019, arXiv:1810.04805). <see cref="BertPass"/> computes with them.
/// </summary>
internal sealed class BertLayer
{
    public BertLayer(BertConfig config, IWeights weights, BertLayerNames names, WeightPrecision precision)
    {
        int hidden = config.HiddenSize, wide = config.IntermediateSize;
        QueryKeyValue = Linear.ReadJoined(weights, [names.Query, names.Key, names.Value], hidden, hidden, precision);
        AttentionOutput = Linear.Read(weights, names.AttentionOutput, hidden, hidden, precision);
        AttentionNorm = Norm.Read(weights, names.AttentionNorm, config);
        Intermediate = Linear.Read(weights, names.Intermediate, hidden, wide, precision);
        Output = Linear.Read(weights, names.Output, wide, hidden, precision);
        OutputNorm = Norm.Read(weights, names.OutputNorm, config);
    }

    /// <summary>A linear layer of it reads codes.</summary>
    public bool ReadsCodes => QueryKeyValue.ReadsCodes || AttentionOutput.ReadsCodes || Intermediate.ReadsCodes || Output.ReadsCodes;

    public Linear QueryKeyValue { get; }

    public Linear AttentionOutput { get; }

    public Norm AttentionNorm { get; }

    public Linear Intermediate { get; }

    public Linear Output { get; }

    public Norm OutputNorm { get; }
}
