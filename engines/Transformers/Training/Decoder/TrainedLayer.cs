using RagPlatform.Transformers.Decoders;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Training.Decoder;

/// <summary>One layer's weights, as those of inference.</summary>
internal sealed class TrainedLayer
{
    /// <param name="config">The shape.</param>
    /// <param name="weights">The base's.</param>
    /// <param name="name">What the layer's tensors begin with, such as "model.layers.0.".</param>
    /// <param name="tuning">What is trained.</param>
    public TrainedLayer(DecoderConfig config, IWeights weights, string name, DecoderTuning tuning)
    {
        int hidden = config.HiddenSize, wide = config.IntermediateSize;
        var attention = name + "self_attn.";
        AttentionNorm = new TrainedNorm(weights, name + "input_layernorm.weight", hidden, tuning);
        QueryKeyValue = new TrainedLinear(
            weights, hidden, config.QueryKeyValueBias, tuning,
            (attention + "q_proj", config.QuerySize), (attention + "k_proj", config.KeySize), (attention + "v_proj", config.KeySize));
        if (config.QueryKeyNorm)
        {
            QueryNorm = new TrainedNorm(weights, attention + "q_norm.weight", config.HeadSize, tuning);
            KeyNorm = new TrainedNorm(weights, attention + "k_norm.weight", config.HeadSize, tuning);
        }
        AttentionOutput = new TrainedLinear(weights, config.QuerySize, config.AttentionOutputBias, tuning, (attention + "o_proj", hidden));
        FeedForwardNorm = new TrainedNorm(weights, name + "post_attention_layernorm.weight", hidden, tuning);
        GateUp = new TrainedLinear(weights, hidden, config.FeedForwardBias, tuning, (name + "mlp.gate_proj", wide), (name + "mlp.up_proj", wide));
        Down = new TrainedLinear(weights, wide, config.FeedForwardBias, tuning, (name + "mlp.down_proj", hidden));
        Linears = [QueryKeyValue, AttentionOutput, GateUp, Down];
    }

    public TrainedNorm AttentionNorm { get; }

    public TrainedLinear QueryKeyValue { get; }

    /// <summary>Of each head's query; null where the model has none.</summary>
    public TrainedNorm? QueryNorm { get; }

    /// <summary>Of each head's key; null where the model has none.</summary>
    public TrainedNorm? KeyNorm { get; }

    public TrainedLinear AttentionOutput { get; }

    public TrainedNorm FeedForwardNorm { get; }

    public TrainedLinear GateUp { get; }

    public TrainedLinear Down { get; }

    /// <summary>The four, in the order of the forward pass.</summary>
    public TrainedLinear[] Linears { get; }

    public IEnumerable<TrainedNorm> Norms => new[] { AttentionNorm, QueryNorm, KeyNorm, FeedForwardNorm }.OfType<TrainedNorm>();

    public IEnumerable<Parameter> Parameters =>
        Norms.Select(norm => norm.Parameter).OfType<Parameter>().Concat(Linears.SelectMany(linear => linear.Parameters));
}
