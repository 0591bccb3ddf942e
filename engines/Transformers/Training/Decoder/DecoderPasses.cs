using RagPlatform.Numerics;
using RagPlatform.Numerics.Gradients;
using RagPlatform.Transformers.Decoders;

namespace RagPlatform.Transformers.Training.Decoder;

/// <summary>The forward pass through all layers and the backward pass beside it, of one pack at a time.</summary>
internal sealed class DecoderPasses
{
    private readonly DecoderConfig config;
    private readonly TrainedLayer[] layers;
    private readonly DecoderHead head;
    private readonly PassTeam team;
    private readonly DecoderActivations scratch;
    private readonly LinearPass linear;
    private readonly AttentionPass attention;

    public DecoderPasses(DecoderConfig config, TrainedLayer[] layers, DecoderHead head, PassTeam team, int maxTokens)
    {
        (this.config, this.layers, this.head, this.team) = (config, layers, head, team);
        scratch = new DecoderActivations(config, layers, maxTokens);
        linear = new LinearPass(team, scratch);
        attention = new AttentionPass(config, team, scratch);
        Loss = new LossPass(config, head, team, scratch);
    }

    /// <summary>Most tokens of a pack.</summary>
    public int MaxTokens => scratch.Rows;

    /// <summary>Of what <see cref="Forward"/> left.</summary>
    public LossPass Loss { get; }

    private RowsOf Normed => new(scratch.Normed, 0, config.HiddenSize);

    private RowsOf NormedGradient => new(scratch.NormedGradient, 0, config.HiddenSize);

    private RowsOf HiddenGradient => new(scratch.HiddenGradient, 0, config.HiddenSize);

    private RowsOf Gated => new(scratch.Gated, 0, config.IntermediateSize);

    public void Forward(TokenPack pack, DropoutSeed dropout, CancellationToken cancellationToken)
    {
        var rows = pack.Ids.Length;
        linear.Dropout = dropout;
        attention.Begin(pack);
        team.Rows(rows, row => head.Embedding(pack.Ids[row]).CopyTo(Row(Hidden(0), row)));
        for (var i = 0; i < layers.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (layer, kept) = (layers[i], scratch.Layers[i]);
            team.Rows(rows, row => VectorMath.RmsNorm(Row(kept.Hidden, row), layer.AttentionNorm.Gain, config.NormEpsilon, Row(scratch.Normed, row)));
            linear.Forward(layer.QueryKeyValue, 4 * i, Normed, QueryKeyValue(kept.QueryKeyValue), kept.Narrow[0], rows);
            attention.Forward(layer, kept, rows);
            kept.Hidden.AsSpan(0, rows * config.HiddenSize).CopyTo(kept.Middle);
            linear.Forward(
                layer.AttentionOutput, 4 * i + 1, Context(kept.Context), new RowsOf(kept.Middle, 0, config.HiddenSize), kept.Narrow[1], rows, accumulate: true);
            team.Rows(rows, row => VectorMath.RmsNorm(Row(kept.Middle, row), layer.FeedForwardNorm.Gain, config.NormEpsilon, Row(scratch.Normed, row)));
            linear.Forward(layer.GateUp, 4 * i + 2, Normed, GateUp(kept), kept.Narrow[2], rows);
            team.Rows(rows, row => Gate(kept, row));
            kept.Middle.AsSpan(0, rows * config.HiddenSize).CopyTo(Hidden(i + 1));
            linear.Forward(layer.Down, 4 * i + 3, Gated, new RowsOf(Hidden(i + 1), 0, config.HiddenSize), kept.Narrow[3], rows, accumulate: true);
        }
    }

    /// <summary>Adds all parameters' gradients, from the last hidden states' that <see cref="LossPass.Backward"/> left.</summary>
    public void Backward(TokenPack pack, CancellationToken cancellationToken)
    {
        var rows = pack.Ids.Length;
        for (var i = layers.Length - 1; i >= 0; i--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (layer, kept) = (layers[i], scratch.Layers[i]);
            FeedForwardBackward(i, layer, kept, rows);
            linear.Backward(layer.AttentionOutput, 4 * i + 1, Context(kept.Context), HiddenGradient, kept.Narrow[1], rows, Context(scratch.ContextGradient));
            attention.Backward(layer, kept, rows);
            team.Rows(rows, row => VectorMath.RmsNorm(Row(kept.Hidden, row), layer.AttentionNorm.Gain, config.NormEpsilon, Row(scratch.Normed, row)));
            // Below the first layer there is nothing to train but the embeddings.
            var isLast = i == 0 && head.EmbeddingParameter is null;
            linear.Backward(
                layer.QueryKeyValue, 4 * i, Normed, QueryKeyValue(scratch.QueryKeyValueGradient), kept.Narrow[0], rows, isLast ? null : NormedGradient);
            if (!isLast)
            {
                NormBackward(layer.AttentionNorm, kept.Hidden, rows);
            }
        }
        if (head.EmbeddingParameter is { } embeddings)
        {
            for (var row = 0; row < rows; row++)
            {
                VectorMath.Add(Row(embeddings.Gradient, pack.Ids[row]), Row(scratch.HiddenGradient, row));
            }
        }
    }

    private void FeedForwardBackward(int i, TrainedLayer layer, LayerActivations kept, int rows)
    {
        team.Rows(rows, row =>
        {
            Gate(kept, row);
            VectorMath.RmsNorm(Row(kept.Middle, row), layer.FeedForwardNorm.Gain, config.NormEpsilon, Row(scratch.Normed, row));
        });
        linear.Backward(layer.Down, 4 * i + 3, Gated, HiddenGradient, kept.Narrow[3], rows, Gated with { Values = scratch.GatedGradient });
        team.Rows(rows, row =>
        {
            var both = Row(kept.GateUp, row, 2 * config.IntermediateSize);
            SwiGluGradient.Replace(both[..config.IntermediateSize], both[config.IntermediateSize..], Row(scratch.GatedGradient, row, config.IntermediateSize));
        });
        linear.Backward(layer.GateUp, 4 * i + 2, Normed, GateUp(kept), kept.Narrow[2], rows, NormedGradient);
        NormBackward(layer.FeedForwardNorm, kept.Middle, rows);
    }

    private void NormBackward(TrainedNorm norm, float[] source, int rows)
    {
        for (var row = 0; row < rows && norm.Parameter is not null; row++)
        {
            RmsNormGradient.AddGain(Row(source, row), config.NormEpsilon, Row(scratch.NormedGradient, row), norm.Parameter.Gradient);
        }
        team.Rows(rows, row => RmsNormGradient.AddSource(
            Row(source, row), norm.Gain, config.NormEpsilon, Row(scratch.NormedGradient, row), Row(scratch.HiddenGradient, row)));
    }

    private void Gate(LayerActivations kept, int row)
    {
        var both = Row(kept.GateUp, row, 2 * config.IntermediateSize);
        var gated = Row(scratch.Gated, row, config.IntermediateSize);
        both[..config.IntermediateSize].CopyTo(gated);
        VectorMath.SwiGlu(gated, both[config.IntermediateSize..]);
    }

    /// <summary>What comes into a layer, or out of the last.</summary>
    private float[] Hidden(int layer) => layer < layers.Length ? scratch.Layers[layer].Hidden : scratch.Last;

    private RowsOf QueryKeyValue(float[] values) => new(values, 0, config.QuerySize + 2 * config.KeySize);

    private RowsOf Context(float[] values) => new(values, 0, config.QuerySize);

    private RowsOf GateUp(LayerActivations kept) => new(kept.GateUp, 0, 2 * config.IntermediateSize);

    private Span<float> Row(float[] values, int row) => Row(values, row, config.HiddenSize);

    private static Span<float> Row(float[] values, int row, int width) => values.AsSpan(row * width, width);
}
