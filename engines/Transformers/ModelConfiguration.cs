using RagPlatform.Transformers.Bert;

namespace RagPlatform.Transformers;

/// <summary>
/// What a model folder's config.json says of itself: enough to know whether an engine here can run it, before any of its
/// weights is fetched.
/// </summary>
/// <param name="Kind">What it is good for.</param>
/// <param name="Architecture">As config.json names it, such as "BertModel"; the model type where it names none.</param>
/// <param name="HiddenSize">Width of its states; 0 for a static model, whose weights alone tell.</param>
/// <param name="MaxPositions">Tokens that it has positions for.</param>
/// <param name="VocabularySize">Tokens that it knows; 0 for a static model.</param>
public sealed record ModelConfiguration(ModelKind Kind, string Architecture, int HiddenSize, int MaxPositions, int VocabularySize)
{
    internal const string FileName = BertConfig.File;

    private const int MaxConfigBytes = 1024 * 1024;
    private const int MaxWidth = 65_536;
    private const int MaxPieces = 4_000_000;

    /// <summary>A static model has no positions; what Model2Vec writes is a million.</summary>
    private const int StaticMaxPositions = 1_000_000;

    private static readonly string[] EncoderTypes = ["bert", "roberta", "xlm-roberta"];
    private static readonly string[] DecoderTypes = ["llama", "mistral", "qwen2", "qwen3"];

    /// <exception cref="InvalidDataException">Not JSON, a value out of its range, or a model that no engine here runs; the message says what it is.</exception>
    public static ModelConfiguration Read(Stream stream) => ModelJson.Read(stream, FileName, MaxConfigBytes, Read);

    private static ModelConfiguration Read(ModelJson json)
    {
        var type = json.Text("model_type");
        var architecture = json.Texts("architectures").FirstOrDefault("") is { Length: > 0 } named ? named : type;
        var kind = KindOf(json, type, architecture);
        switch (kind)
        {
            case ModelKind.Static:
                var positions = json.Has("seq_length") ? json.Integer("seq_length", 1, int.MaxValue) : StaticMaxPositions;
                return new ModelConfiguration(kind, architecture, HiddenSize: 0, positions, VocabularySize: 0);
            case ModelKind.Decoder:
                return new ModelConfiguration(
                    kind, architecture, json.Integer("hidden_size", 1, MaxWidth),
                    json.Integer("max_position_embeddings", 2, int.MaxValue), json.Integer("vocab_size", 1, MaxPieces));
            default:
                var bert = BertConfig.Read(json);
                return new ModelConfiguration(kind, architecture, bert.HiddenSize, bert.MaxPositions, bert.VocabularySize);
        }
    }

    private static ModelKind KindOf(ModelJson json, string type, string architecture)
    {
        if (type == "model2vec")
        {
            return ModelKind.Static;
        }
        if (EncoderTypes.Contains(type))
        {
            if (architecture.EndsWith("ForSequenceClassification", StringComparison.Ordinal))
            {
                // Where there is one label, transformers writes its name; where nothing is written, the weights tell.
                var labels = json.TextsByName("id2label").Count;
                return labels <= 1 ? ModelKind.Reranker : throw Classifier(architecture, labels);
            }
            if (architecture == type || architecture.EndsWith("Model", StringComparison.Ordinal) || architecture.EndsWith("ForMaskedLM", StringComparison.Ordinal))
            {
                return ModelKind.Encoder;
            }
        }
        if (DecoderTypes.Contains(type) && (architecture == type || architecture.EndsWith("ForCausalLM", StringComparison.Ordinal)))
        {
            return ModelKind.Decoder;
        }
        throw new InvalidDataException(
            $"{FileName}: {Shorten(architecture)} of model_type '{Shorten(type)}' is not built; encoders and rerankers of {string.Join(", ", EncoderTypes)}, "
            + $"decoders of {string.Join(", ", DecoderTypes)}, and model2vec are.");
    }

    internal static InvalidDataException Classifier(string architecture, int labels) =>
        new($"{FileName}: {Shorten(architecture)} with {labels} labels is a classifier; a reranker has one label.");

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100];
}
