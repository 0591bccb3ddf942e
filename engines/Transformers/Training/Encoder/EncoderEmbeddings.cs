using RagPlatform.Numerics;
using RagPlatform.Transformers.Bert;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>The sum of a token's word, position and type rows before its normalisation, and where its gradient goes.</summary>
internal sealed class EncoderEmbeddings
{
    private readonly bool full;
    private readonly BertConfig config;

    public EncoderEmbeddings(BertConfig config, IWeights weights, BertNames names, EncoderTuning tuning)
    {
        this.config = config;
        full = tuning.Lora is null;
        Words = Read(names.Words, BertNames.Saved.Words, config.VocabularySize, isSparse: true);
        Positions = Read(names.Positions, BertNames.Saved.Positions, config.PositionRows, isSparse: false);
        Types = Read(names.TokenTypes, BertNames.Saved.TokenTypes, config.TokenTypes, isSparse: false);
        Norm = new TrainableNorm(weights, names.EmbeddingNorm, BertNames.Saved.EmbeddingNorm, config, tuning);

        Parameter Read(string name, string saved, int rows, bool isSparse) =>
            new(saved, weights.Read(name, rows, config.HiddenSize), config.HiddenSize, decays: true, isSparse);
    }

    public Parameter Words { get; }

    public Parameter Positions { get; }

    public Parameter Types { get; }

    public TrainableNorm Norm { get; }

    public IEnumerable<Parameter> Parameters => full ? [Words, Positions, Types, .. Norm.Parameters] : [];

    public IEnumerable<Parameter> Tensors => [Words, Positions, Types, Norm.Gain, Norm.Bias];

    /// <param name="text">At most as many tokens as there are positions.</param>
    /// <param name="sums">[tokens, hidden]; overwritten.</param>
    public void Sum(BertText text, Span<float> sums)
    {
        var width = config.HiddenSize;
        for (var i = 0; i < text.Ids.Length; i++)
        {
            var row = sums.Slice(i * width, width);
            Words.Values.AsSpan(text.Ids[i] * width, width).CopyTo(row);
            VectorMath.Add(row, Positions.Values.AsSpan((config.FirstPosition + i) * width, width));
            VectorMath.Add(row, Types.Values.AsSpan(TypeOf(text, i) * width, width));
        }
    }

    /// <summary>Adds the gradient of the sums, in the order of the tokens, to the rows that they were made of.</summary>
    public void AddGradient(BertText text, ReadOnlySpan<float> gradient)
    {
        var width = config.HiddenSize;
        for (var i = 0; i < text.Ids.Length; i++)
        {
            var row = gradient.Slice(i * width, width);
            Words.Touch(text.Ids[i]);
            VectorMath.Add(Words.Gradient.AsSpan(text.Ids[i] * width, width), row);
            VectorMath.Add(Positions.Gradient.AsSpan((config.FirstPosition + i) * width, width), row);
            VectorMath.Add(Types.Gradient.AsSpan(TypeOf(text, i) * width, width), row);
        }
    }

    /// <summary>RoBERTa knows one type.</summary>
    private int TypeOf(BertText text, int token) => token >= text.SecondStart && !config.IsRoberta && config.TokenTypes > 1 ? 1 : 0;
}
