using RagPlatform.Numerics;
using RagPlatform.Numerics.Threads;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Bert;

/// <summary>A BERT encoder without its pooler. Thread-safe: what a pass writes is in its scratch.</summary>
internal sealed class BertEncoder
{
    private readonly float[] words;
    private readonly float[] positions;
    private readonly float[] secondType;
    private readonly Norm norm;
    private readonly BertLayer[] layers;

    /// <exception cref="InvalidDataException">A tensor is absent, damaged, or not of the shape that the configuration asks for.</exception>
    public BertEncoder(BertConfig config, IWeights weights, BertNames names, WeightPrecision precision)
    {
        Config = config;
        words = weights.Read(names.Words, config.VocabularySize, config.HiddenSize);
        positions = weights.Read(names.Positions, config.PositionRows, config.HiddenSize)[(config.FirstPosition * config.HiddenSize)..];
        var types = weights.Read(names.TokenTypes, config.TokenTypes, config.HiddenSize);
        // A single text is all of token type 0, so its embedding is part of every position's.
        for (var position = 0; position < config.MaxPositions; position++)
        {
            VectorMath.Add(positions.AsSpan(position * config.HiddenSize, config.HiddenSize), types.AsSpan(0, config.HiddenSize));
        }
        secondType = SecondType(config, types);
        norm = Norm.Read(weights, names.EmbeddingNorm, config);
        layers = [.. Enumerable.Range(0, config.Layers).Select(layer => new BertLayer(config, weights, names.Layer(layer), precision))];
        Precision = layers.Any(layer => layer.ReadsCodes) ? precision : WeightPrecision.Full;
    }

    public BertConfig Config { get; }

    /// <summary>Full where no layer has another.</summary>
    public WeightPrecision Precision { get; }

    /// <summary>The last hidden states [tokens, hidden], the texts one after the other, inside the scratch.</summary>
    /// <param name="texts">At least one; together at most as many tokens as the scratch was made for.</param>
    /// <param name="scratch">In use by this pass until its result has been read.</param>
    /// <param name="team">Who computes.</param>
    /// <param name="adapter">Beside the weights, which then are fp32; null for none.</param>
    public ReadOnlySpan<float> Forward(ReadOnlySpan<BertText> texts, BertScratch scratch, ThreadTeam team, EncoderAdapter? adapter = null)
    {
        var starts = new int[texts.Length + 1];
        var longest = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            starts[i + 1] = starts[i] + texts[i].Ids.Length;
            longest = Math.Max(longest, texts[i].Ids.Length);
            Embed(texts[i], scratch.Hidden, starts[i]);
        }
        scratch.ReserveAttention(longest, team.Threads);
        scratch.ReserveLowRank(adapter?.MostRanks ?? 0);
        new BertPass(Config, scratch, starts, team, adapter).Run(layers);
        return scratch.Hidden.Values.AsSpan(0, starts[^1] * Config.HiddenSize);
    }

    private void Embed(BertText text, LinearInput hidden, int firstRow)
    {
        var width = Config.HiddenSize;
        for (var i = 0; i < text.Ids.Length; i++)
        {
            var row = hidden.Row(firstRow + i);
            words.AsSpan(text.Ids[i] * width, width).CopyTo(row);
            VectorMath.Add(row, positions.AsSpan(i * width, width));
            if (i >= text.SecondStart)
            {
                VectorMath.Add(row, secondType);
            }
            norm.Apply(row);
            hidden.Prepare(firstRow + i);
        }
    }

    /// <summary>What a token of type 1 has over one of type 0; nothing in RoBERTa, which knows one type.</summary>
    private static float[] SecondType(BertConfig config, ReadOnlySpan<float> types)
    {
        var difference = new float[config.HiddenSize];
        for (var i = 0; i < difference.Length && !config.IsRoberta && config.TokenTypes > 1; i++)
        {
            difference[i] = types[config.HiddenSize + i] - types[i];
        }
        return difference;
    }
}
