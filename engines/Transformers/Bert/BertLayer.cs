using RagPlatform.Numerics;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Bert;

/// <summary>
/// One encoder layer: self-attention and a feed-forward block, each added to its input and normalised after
/// (Vaswani et al. 2017, arXiv:1706.03762; Devlin et al. 2019, arXiv:1810.04805).
/// </summary>
internal sealed class BertLayer
{
    private readonly BertConfig config;
    private readonly Linear queryKeyValue;
    private readonly Linear attentionOutput;
    private readonly Norm attentionNorm;
    private readonly Linear intermediate;
    private readonly Linear output;
    private readonly Norm outputNorm;

    public BertLayer(BertConfig config, IWeights weights, BertLayerNames names)
    {
        this.config = config;
        int hidden = config.HiddenSize, wide = config.IntermediateSize;
        queryKeyValue = Linear.ReadJoined(weights, [names.Query, names.Key, names.Value], hidden, hidden);
        attentionOutput = Linear.Read(weights, names.AttentionOutput, hidden, hidden);
        attentionNorm = Norm.Read(weights, names.AttentionNorm, config);
        intermediate = Linear.Read(weights, names.Intermediate, hidden, wide);
        output = Linear.Read(weights, names.Output, wide, hidden);
        outputNorm = Norm.Read(weights, names.OutputNorm, config);
    }

    /// <summary>Replaces the first <paramref name="tokens"/> rows of the scratch's hidden states by this layer's.</summary>
    public void Forward(BertScratch scratch, int tokens)
    {
        var hidden = scratch.Hidden.AsSpan(0, tokens * config.HiddenSize);
        var result = scratch.Output.AsSpan(0, tokens * config.HiddenSize);

        queryKeyValue.Apply(hidden, scratch.QueryKeyValue, tokens);
        for (var head = 0; head < config.Heads; head++)
        {
            Attend(scratch, tokens, head);
        }
        attentionOutput.Apply(scratch.Context, result, tokens);
        attentionNorm.Apply(hidden, result);

        var wide = scratch.Intermediate.AsSpan(0, tokens * config.IntermediateSize);
        intermediate.Apply(hidden, wide, tokens);
        VectorMath.Gelu(wide);
        output.Apply(wide, result, tokens);
        outputNorm.Apply(hidden, result);
    }

    /// <summary>softmax(Q·Kᵀ / √size)·V of one head, into its columns of the context.</summary>
    private void Attend(BertScratch scratch, int tokens, int head)
    {
        int width = config.HiddenSize, size = config.HeadSize, stride = 3 * width;
        var queries = scratch.QueryKeyValue.AsSpan(head * size);
        var scores = scratch.Scores.AsSpan(0, tokens * tokens);

        scratch.Keys.Pack(queries[width..], depth: size, columns: tokens, depthStride: 1, columnStride: stride);
        MatrixMultiply.Multiply(queries, stride, scratch.Keys, scores, tokens, tokens);
        var scale = 1 / MathF.Sqrt(size);
        for (var row = 0; row < tokens; row++)
        {
            VectorMath.Softmax(scores.Slice(row * tokens, tokens), scale);
        }
        scratch.Values.Pack(queries[(2 * width)..], depth: tokens, columns: size, depthStride: stride, columnStride: 1);
        MatrixMultiply.Multiply(scores, tokens, scratch.Values, scratch.Context.AsSpan(head * size), width, tokens);
    }
}
