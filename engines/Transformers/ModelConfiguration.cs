using RagPlatform.Transformers.Bert;
using RagPlatform.Transformers.Decoders;

namespace RagPlatform.Transformers;

/// <summary>
/// What a model folder's config.json says of itself: enough to know whether an engine here can run it, before any of its
/// weights is fetched.
/// </summary>
/// <param name="Kind">What it is good for.</param>
/// <param name="Architecture">As config.json names it, such as "BertModel"; the model type where it names none.</param>
/// <param name="HiddenSize">Width of its states; 0 for a static model, whose weights alone tell.</param>
/// <param name="MaxPositions">Tokens that it has positions for; of a decoder those that it reads rightly: what its rotary scaling reaches, within a sliding window.</param>
/// <param name="VocabularySize">Tokens that it knows; 0 for a static model.</param>
public sealed record ModelConfiguration(ModelKind Kind, string Architecture, int HiddenSize, int MaxPositions, int VocabularySize)
{
    internal const string FileName = BertConfig.File;

    private const int MaxConfigBytes = 1024 * 1024;

    /// <summary>A static model has no positions; what Model2Vec writes is a million.</summary>
    private const int StaticMaxPositions = 1_000_000;

    private static readonly string[] EncoderTypes = ["bert", "roberta", "xlm-roberta"];

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
                var decoder = DecoderConfigFile.Read(json);
                return new ModelConfiguration(kind, architecture, decoder.HiddenSize, decoder.MaxPositions, decoder.VocabularySize);
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
        if (DecoderConfigFile.Types.Contains(type) && (architecture == type || architecture.EndsWith("ForCausalLM", StringComparison.Ordinal)))
        {
            return ModelKind.Decoder;
        }
        throw new InvalidDataException(
            $"{FileName}: {ModelJson.Shown(architecture)} of model_type '{ModelJson.Shown(type)}' is not built; encoders and rerankers of {string.Join(", ", EncoderTypes)}, "
            + $"decoders of {string.Join(", ", DecoderConfigFile.Types)}, and model2vec are.");
    }

    internal static InvalidDataException Classifier(string architecture, int labels) =>
        new($"{FileName}: {ModelJson.Shown(architecture)} with {labels} labels is a classifier; a reranker has one label.");
}
