using RagPlatform.Numerics;
using RagPlatform.Numerics.Attention;
using RagPlatform.Numerics.Threads;

namespace RagPlatform.Transformers.Decoders;

/// <summary>The forward pass of a few consecutive tokens of one sequence.</summary>
internal sealed class DecoderPass
{
    private readonly Decoder decoder;
    private readonly DecoderConfig config;
    private readonly LoraAdapter? adapter;
    private readonly ThreadTeam team;
    private readonly PassScratch scratch;
    private readonly RotaryFrequencies frequencies;
    private readonly KeyValueCache[] caches;
    private readonly ProductWork product;
    private readonly AttentionWork attention;
    private readonly RowsWork embed;
    private readonly RowsWork normaliseBeforeAttention;
    private readonly RowsWork rotateAndStore;
    private readonly RowsWork normaliseBeforeFeedForward;
    private readonly RowsWork gate;
    private int layer;
    private int position;

    public DecoderPass(Decoder decoder, int capacity, int maxRows, LoraAdapter? adapter, ThreadTeam team)
    {
        this.decoder = decoder;
        config = decoder.Config;
        this.adapter = adapter;
        this.team = team;
        scratch = new PassScratch(config, maxRows, adapter?.Rank ?? 0, team.Threads);
        frequencies = new RotaryFrequencies(config.Rotary, config.HeadSize, capacity);
        caches = [.. Enumerable.Range(0, config.Layers).Select(_ => new KeyValueCache(config.KeyHeads, config.HeadSize, capacity))];
        product = new ProductWork(scratch);
        attention = new AttentionWork(config, scratch);
        embed = new RowsWork(Embed);
        normaliseBeforeAttention = new RowsWork(row => Normalise(row, decoder.Layers[layer].AttentionNorm));
        rotateAndStore = new RowsWork(RotateAndStore);
        normaliseBeforeFeedForward = new RowsWork(row => Normalise(row, decoder.Layers[layer].FeedForwardNorm));
        gate = new RowsWork(Gate);
    }

    private RowsOf Hidden => new(scratch.Hidden, 0, config.HiddenSize);

    private RowsOf Normed => new(scratch.Normed, 0, config.HiddenSize);

    private RowsOf QueryKeyValue => new(scratch.QueryKeyValue, 0, config.QuerySize + 2 * config.KeySize);

    private RowsOf GateUp => new(scratch.GateUp, 0, 2 * config.IntermediateSize);

    /// <summary>Leaves the tokens' last hidden states in the scratch, and their keys and values in the caches.</summary>
    /// <param name="ids">At most as many as the scratch was made for.</param>
    /// <param name="firstPosition">Position of the first; all before it are in the caches.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    public void Forward(ReadOnlySpan<int> ids, int firstPosition, CancellationToken cancellationToken)
    {
        var rows = ids.Length;
        ids.CopyTo(scratch.Ids);
        position = firstPosition;
        embed.Run(team, rows);
        for (layer = 0; layer < decoder.Layers.Length; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Attend(decoder.Layers[layer], rows);
            FeedForward(decoder.Layers[layer], rows);
        }
    }

    /// <summary>The logits [rows, vocabulary] of rows of the last <see cref="Forward"/>.</summary>
    public void Logits(int firstRow, int rows, float[] logits)
    {
        for (var row = firstRow; row < firstRow + rows; row++)
        {
            Normalise(row, decoder.Norm);
        }
        product.Run(
            team, decoder.Head, null, Normed with { Start = firstRow * config.HiddenSize }, new RowsOf(logits, 0, config.VocabularySize), rows);
    }

    private void Attend(DecoderLayer weights, int rows)
    {
        normaliseBeforeAttention.Run(team, rows);
        Apply(weights.QueryKeyValue, Normed, QueryKeyValue, rows);
        Adapt(LoraTarget.Query, Normed, QueryKeyValue, rows);
        Adapt(LoraTarget.Key, Normed, QueryKeyValue with { Start = config.QuerySize }, rows);
        Adapt(LoraTarget.Value, Normed, QueryKeyValue with { Start = config.QuerySize + config.KeySize }, rows);
        rotateAndStore.Run(team, rows);
        attention.Run(team, caches[layer], position, rows);
        var context = new RowsOf(scratch.Context, 0, config.QuerySize);
        Apply(weights.AttentionOutput, context, Hidden, rows, add: true);
        Adapt(LoraTarget.AttentionOutput, context, Hidden, rows);
    }

    private void FeedForward(DecoderLayer weights, int rows)
    {
        normaliseBeforeFeedForward.Run(team, rows);
        Apply(weights.GateUp, Normed, GateUp, rows);
        Adapt(LoraTarget.Gate, Normed, GateUp, rows);
        Adapt(LoraTarget.Up, Normed, GateUp with { Start = config.IntermediateSize }, rows);
        gate.Run(team, rows);
        Apply(weights.Down, GateUp, Hidden, rows, add: true);
        Adapt(LoraTarget.Down, GateUp, Hidden, rows);
    }

    private void Apply(DecoderLinear linear, RowsOf from, RowsOf to, int rows, bool add = false) =>
        product.Run(team, linear.Weight, linear.Bias, from, to, rows, add);

    private void Adapt(LoraTarget target, RowsOf from, RowsOf to, int rows)
    {
        if (adapter?.Find(layer, target) is { } pair)
        {
            var narrow = new RowsOf(scratch.Lora, 0, pair.Rank);
            product.Run(team, pair.Down, null, from, narrow, rows);
            product.Run(team, pair.Up, null, narrow, to, rows, add: true);
        }
    }

    private void Embed(int row)
    {
        decoder.Embeddings.CopyRow(scratch.Ids[row], Row(scratch.Hidden, row, config.HiddenSize));
        frequencies.CopyTo(position + row, Row(scratch.Cosines, row, frequencies.Count), Row(scratch.Sines, row, frequencies.Count));
    }

    private void Normalise(int row, float[] gain) => VectorMath.RmsNorm(
        Row(scratch.Hidden, row, config.HiddenSize), gain, config.NormEpsilon, Row(scratch.Normed, row, config.HiddenSize));

    private void RotateAndStore(int row)
    {
        var all = Row(scratch.QueryKeyValue, row, config.QuerySize + 2 * config.KeySize);
        var weights = decoder.Layers[layer];
        for (var head = 0; head < config.Heads + config.KeyHeads; head++)
        {
            var part = all.Slice(head * config.HeadSize, config.HeadSize);
            if ((head < config.Heads ? weights.QueryNorm : weights.KeyNorm) is { } gain)
            {
                VectorMath.RmsNorm(part, gain, config.NormEpsilon, part);
            }
            VectorMath.Rotate(part, Row(scratch.Cosines, row, frequencies.Count), Row(scratch.Sines, row, frequencies.Count));
        }
        caches[layer].Store(
            position + row, all.Slice(config.QuerySize, config.KeySize), all.Slice(config.QuerySize + config.KeySize, config.KeySize));
    }

    private void Gate(int row)
    {
        var both = Row(scratch.GateUp, row, 2 * config.IntermediateSize);
        VectorMath.SwiGlu(both[..config.IntermediateSize], both[config.IntermediateSize..]);
    }

    private static Span<float> Row(float[] values, int row, int width) => values.AsSpan(row * width, width);
}
