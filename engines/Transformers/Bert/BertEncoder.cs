using RagPlatform.Numerics;
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
    public BertEncoder(BertConfig config, IWeights weights, BertNames names)
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
        layers = [.. Enumerable.Range(0, config.Layers).Select(layer => new BertLayer(config, weights, names.Layer(layer)))];
    }

    public BertConfig Config { get; }

    /// <summary>The last hidden states [tokens, hidden], inside the scratch.</summary>
    /// <param name="ids">Each below the vocabulary's size; at most what the scratch was made for.</param>
    /// <param name="secondStart">Tokens from here on are of a second text; the number of ids where there is one text.</param>
    /// <param name="scratch">In use by this pass until its result has been read.</param>
    public ReadOnlySpan<float> Forward(ReadOnlySpan<int> ids, int secondStart, BertScratch scratch)
    {
        var width = Config.HiddenSize;
        var hidden = scratch.Hidden.AsSpan(0, ids.Length * width);
        for (var i = 0; i < ids.Length; i++)
        {
            var row = hidden.Slice(i * width, width);
            words.AsSpan(ids[i] * width, width).CopyTo(row);
            VectorMath.Add(row, positions.AsSpan(i * width, width));
            if (i >= secondStart)
            {
                VectorMath.Add(row, secondType);
            }
        }
        norm.Apply(hidden);
        foreach (var layer in layers)
        {
            layer.Forward(scratch, ids.Length);
        }
        return hidden;
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
