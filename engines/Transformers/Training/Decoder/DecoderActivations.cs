using RagPlatform.Transformers.Decoders;

namespace RagPlatform.Transformers.Training.Decoder;

/// <summary>
/// What the forward pass keeps for the backward pass, and what both write on their way; made for so many tokens and used again. The
/// norms' and the gate's outputs are computed again rather than kept: they are cheap, and a third of the memory.
/// </summary>
internal sealed class DecoderActivations
{
    public DecoderActivations(DecoderConfig config, TrainedLayer[] layers, int rows)
    {
        Rows = rows;
        Layers = [.. layers.Select(layer => new LayerActivations(config, layer, rows))];
        var widest = Math.Max(config.QuerySize + 2 * config.KeySize, Math.Max(config.HiddenSize, config.IntermediateSize));
        var narrow = layers.Max(layer => layer.Linears.Max(linear => linear.NarrowSize));
        Last = New(rows, config.HiddenSize);
        HiddenGradient = New(rows, config.HiddenSize);
        Normed = New(rows, config.HiddenSize);
        NormedGradient = New(rows, config.HiddenSize);
        Gated = New(rows, config.IntermediateSize);
        GatedGradient = New(rows, config.IntermediateSize);
        QueryKeyValueGradient = New(rows, config.QuerySize + 2 * config.KeySize);
        ContextGradient = New(rows, config.QuerySize);
        NarrowGradient = New(rows, narrow);
        if (narrow > 0)
        {
            (Dropped, DroppedGradient) = (New(rows, widest), New(rows, widest));
        }
        Cosines = New(rows, config.HeadSize / 2);
        Sines = New(rows, config.HeadSize / 2);
        NegativeSines = New(rows, config.HeadSize / 2);
    }

    /// <summary>Most tokens.</summary>
    public int Rows { get; }

    public LayerActivations[] Layers { get; }

    /// <summary>[rows, hidden]: after the last layer.</summary>
    public float[] Last { get; }

    /// <summary>[rows, hidden]: the loss's gradient with what goes from layer to layer.</summary>
    public float[] HiddenGradient { get; }

    /// <summary>[rows, hidden].</summary>
    public float[] Normed { get; }

    /// <summary>[rows, hidden].</summary>
    public float[] NormedGradient { get; }

    /// <summary>[rows, intermediate].</summary>
    public float[] Gated { get; }

    /// <summary>[rows, intermediate].</summary>
    public float[] GatedGradient { get; }

    /// <summary>[rows, queries then keys then values].</summary>
    public float[] QueryKeyValueGradient { get; }

    /// <summary>[rows, heads].</summary>
    public float[] ContextGradient { get; }

    /// <summary>[rows, narrow]: of the widest pairs.</summary>
    public float[] NarrowGradient { get; }

    /// <summary>[rows, widest]: a layer's input after dropout; empty without pairs.</summary>
    public float[] Dropped { get; } = [];

    /// <summary>[rows, widest]; empty without pairs.</summary>
    public float[] DroppedGradient { get; } = [];

    /// <summary>[rows, head / 2].</summary>
    public float[] Cosines { get; }

    /// <summary>[rows, head / 2].</summary>
    public float[] Sines { get; }

    /// <summary>[rows, head / 2].</summary>
    public float[] NegativeSines { get; }

    internal static float[] New(int rows, int columns) => GC.AllocateUninitializedArray<float>(checked(rows * columns));
}

/// <summary>Of one layer.</summary>
internal sealed class LayerActivations(DecoderConfig config, TrainedLayer layer, int rows)
{
    /// <summary>[rows, hidden]: what came into the layer.</summary>
    public float[] Hidden { get; } = DecoderActivations.New(rows, config.HiddenSize);

    /// <summary>[rows, queries then keys], before they are normalised; empty where they are not.</summary>
    public float[] RawQueryKey { get; } = DecoderActivations.New(layer.QueryNorm is null ? 0 : rows, config.QuerySize + config.KeySize);

    /// <summary>[rows, queries then keys then values], rotated.</summary>
    public float[] QueryKeyValue { get; } = DecoderActivations.New(rows, config.QuerySize + 2 * config.KeySize);

    /// <summary>[heads, rows]: logarithms of the softmaxes' sums, text by text.</summary>
    public float[] LogSums { get; } = DecoderActivations.New(rows, config.Heads);

    /// <summary>[rows, heads]: what attention gathered.</summary>
    public float[] Context { get; } = DecoderActivations.New(rows, config.QuerySize);

    /// <summary>[rows, hidden]: between attention and feed-forward.</summary>
    public float[] Middle { get; } = DecoderActivations.New(rows, config.HiddenSize);

    /// <summary>[rows, gate then up]; the backward pass puts their gradients in their place.</summary>
    public float[] GateUp { get; } = DecoderActivations.New(rows, 2 * config.IntermediateSize);

    /// <summary>For each of the layer's linears [rows, narrow]: its pairs' narrow parts.</summary>
    public float[][] Narrow { get; } = [.. layer.Linears.Select(linear => DecoderActivations.New(rows, linear.NarrowSize))];
}
