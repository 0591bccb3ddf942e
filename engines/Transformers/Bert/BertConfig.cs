namespace RagPlatform.Transformers.Bert;

/// <summary>
/// The shape of a BERT encoder, from Hugging Face's config.json. RoBERTa and XLM-R (Conneau et al. 2020, arXiv:1911.02116)
/// are the same network: their positions begin after the padding's, and a second text is told apart by separators, not by type.
/// </summary>
internal sealed record BertConfig
{
    public const string File = "config.json";
    private const int MaxConfigBytes = 1024 * 1024;
    private const string Bert = "bert";
    private const int RobertaPadding = 1;
    private const int FewestPositions = 2;

    public required int HiddenSize { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int IntermediateSize { get; init; }

    public required int VocabularySize { get; init; }

    /// <summary>The first token's row in the table of positions.</summary>
    public required int FirstPosition { get; init; }

    /// <summary>Rows in the table of positions.</summary>
    public required int PositionRows { get; init; }

    /// <summary>Tokens that have a position.</summary>
    public int MaxPositions => PositionRows - FirstPosition;

    public required int TokenTypes { get; init; }

    public required float LayerNormEpsilon { get; init; }

    /// <summary>RoBERTa or XLM-R rather than BERT.</summary>
    public required bool IsRoberta { get; init; }

    /// <summary>Hugging Face's class, such as "BertModel"; empty where the file names none.</summary>
    public required string Architecture { get; init; }

    public int HeadSize => HiddenSize / Heads;

    /// <exception cref="InvalidDataException">Not JSON, a value out of its range, or not a BERT encoder of the kind that is built here.</exception>
    public static BertConfig Read(Stream stream) => ModelJson.Read(stream, File, MaxConfigBytes, Read);

    /// <summary>As <see cref="Read(Stream)"/>, of a file that is open already.</summary>
    public static BertConfig Read(ModelJson json)
    {
        var isRoberta = json.OneOf("model_type", [Bert, "roberta", "xlm-roberta"]) != Bert;
        json.Require("hidden_act", "gelu");
        json.Require("position_embedding_type", "absolute");
        var config = new BertConfig
        {
            HiddenSize = json.Integer("hidden_size", 1, 16_384),
            Layers = json.Integer("num_hidden_layers", 1, 256),
            Heads = json.Integer("num_attention_heads", 1, 1024),
            IntermediateSize = json.Integer("intermediate_size", 1, 65_536),
            VocabularySize = json.Integer("vocab_size", 1, 4_000_000),
            FirstPosition = !isRoberta ? 0 : 1 + (json.Has("pad_token_id") ? json.Integer("pad_token_id", 0, 1024) : RobertaPadding),
            PositionRows = json.Integer("max_position_embeddings", 2, 65_536),
            TokenTypes = json.Integer("type_vocab_size", 1, 64),
            LayerNormEpsilon = (float)json.Number("layer_norm_eps", 1e-15, 1e-2),
            IsRoberta = isRoberta,
            Architecture = json.Texts("architectures").FirstOrDefault(""),
        };
        if (config.HiddenSize % config.Heads != 0)
        {
            throw new InvalidDataException(
                $"{File}: hidden_size {config.HiddenSize} is not a multiple of num_attention_heads {config.Heads}.");
        }
        return config.MaxPositions >= FewestPositions
            ? config
            : throw new InvalidDataException(
                $"{File}: max_position_embeddings {config.PositionRows} leaves {config.MaxPositions} tokens after pad_token_id; at least {FewestPositions} are needed.");
    }
}
