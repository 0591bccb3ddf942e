namespace RagPlatform.Transformers.Decoders;

/// <summary>
/// One layer's weights: attention and a gated feed-forward block, each on the normalised sum of all before it
/// (Touvron et al. 2023, arXiv:2302.13971). Queries, keys and values are one matrix, gate and up another.
/// </summary>
internal sealed class DecoderLayer
{
    /// <param name="config">The shape.</param>
    /// <param name="reader">The file.</param>
    /// <param name="name">What the layer's tensors begin with, such as "model.layers.0.".</param>
    public DecoderLayer(DecoderConfig config, MatrixReader reader, string name)
    {
        int hidden = config.HiddenSize, wide = config.IntermediateSize;
        var attention = name + "self_attn.";
        AttentionNorm = reader.Vector(name + "input_layernorm.weight", hidden);
        QueryKeyValue = DecoderLinear.Read(
            reader, config.QueryKeyValueBias, hidden,
            (attention + "q_proj", config.QuerySize), (attention + "k_proj", config.KeySize), (attention + "v_proj", config.KeySize));
        if (config.QueryKeyNorm)
        {
            QueryNorm = reader.Vector(attention + "q_norm.weight", config.HeadSize);
            KeyNorm = reader.Vector(attention + "k_norm.weight", config.HeadSize);
        }
        AttentionOutput = DecoderLinear.Read(reader, config.AttentionOutputBias, config.QuerySize, (attention + "o_proj", hidden));
        FeedForwardNorm = reader.Vector(name + "post_attention_layernorm.weight", hidden);
        GateUp = DecoderLinear.Read(reader, config.FeedForwardBias, hidden, (name + "mlp.gate_proj", wide), (name + "mlp.up_proj", wide));
        Down = DecoderLinear.Read(reader, config.FeedForwardBias, wide, (name + "mlp.down_proj", hidden));
    }

    public float[] AttentionNorm { get; }

    public DecoderLinear QueryKeyValue { get; }

    /// <summary>Gain of each head's query norm; null where the model has none.</summary>
    public float[]? QueryNorm { get; }

    /// <summary>Gain of each head's key norm; null where the model has none.</summary>
    public float[]? KeyNorm { get; }

    public DecoderLinear AttentionOutput { get; }

    public float[] FeedForwardNorm { get; }

    public DecoderLinear GateUp { get; }

    public DecoderLinear Down { get; }
}
