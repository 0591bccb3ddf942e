namespace RagPlatform.Transformers.Bert;

/// <summary>The shape of a BERT encoder, from Hugging Face's config.json.</summary>
internal sealed record BertConfig
{
    private const int MaxConfigBytes = 1024 * 1024;

    public required int HiddenSize { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int IntermediateSize { get; init; }

    public required int VocabularySize { get; init; }

    public required int MaxPositions { get; init; }

    public required int TokenTypes { get; init; }

    public required float LayerNormEpsilon { get; init; }

    public int HeadSize => HiddenSize / Heads;

    /// <exception cref="InvalidDataException">Not JSON, a value out of its range, or not a BERT encoder of the kind that is built here.</exception>
    public static BertConfig Read(Stream stream) => ModelJson.Read(stream, "config.json", MaxConfigBytes, Read);

    private static BertConfig Read(ModelJson json)
    {
        json.Require("model_type", "bert");
        json.Require("hidden_act", "gelu");
        json.Require("position_embedding_type", "absolute");
        var config = new BertConfig
        {
            HiddenSize = json.Integer("hidden_size", 1, 16_384),
            Layers = json.Integer("num_hidden_layers", 1, 256),
            Heads = json.Integer("num_attention_heads", 1, 1024),
            IntermediateSize = json.Integer("intermediate_size", 1, 65_536),
            VocabularySize = json.Integer("vocab_size", 1, 4_000_000),
            MaxPositions = json.Integer("max_position_embeddings", 2, 65_536),
            TokenTypes = json.Integer("type_vocab_size", 1, 64),
            LayerNormEpsilon = (float)json.Number("layer_norm_eps", 1e-15, 1e-2),
        };
        return config.HiddenSize % config.Heads == 0
            ? config
            : throw new InvalidDataException(
                $"config.json: hidden_size {config.HiddenSize} is not a multiple of num_attention_heads {config.Heads}.");
    }
}
