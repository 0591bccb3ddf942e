using RagPlatform.Transformers.Bert;
using RagPlatform.Transformers.Sentences;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers;

/// <summary>What a model folder holds, from its configuration and the heads of its weight files; no weight is read.</summary>
/// <param name="Kind">What it is good for.</param>
/// <param name="Architecture">As config.json names it, such as "BertModel".</param>
/// <param name="Parameters">Floating-point or quantised numbers in its weights; 0 where only reading all of them would tell.</param>
/// <param name="Dimension">Length of the vectors of an encoder or a static model; the width of the states of the others.</param>
/// <param name="MaxTokens">That it reads at once.</param>
/// <param name="VocabularySize">Tokens that it knows.</param>
/// <param name="WeightType">Of most of its weights, such as "F32", "BF16" or "int4".</param>
public sealed record ModelDescription(
    ModelKind Kind, string Architecture, long Parameters, int Dimension, int MaxTokens, int VocabularySize, string WeightType)
{
    private const string Vocabulary = "vocab.txt";
    private const string Tokenizer = "tokenizer.json";

    /// <exception cref="InvalidDataException">No whole model that an engine here runs; the message says what is missing or wrong.</exception>
    public static ModelDescription Read(IModelFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (!files.Exists(ModelConfiguration.FileName))
        {
            throw new InvalidDataException($"{ModelConfiguration.FileName} is missing.");
        }
        using var stream = files.Open(ModelConfiguration.FileName);
        var configuration = ModelConfiguration.Read(stream);
        RequireTokenizer(files, configuration.Kind);
        var weights = WeightsSummary.Read(files);
        RequireOneLabel(weights, configuration);
        var (dimension, vocabularySize) = configuration.Kind is ModelKind.Static ? ShapeOfTable(weights) : (configuration.HiddenSize, configuration.VocabularySize);
        return new ModelDescription(
            configuration.Kind, configuration.Architecture, weights.Parameters, dimension, MaxTokensOf(files, configuration), vocabularySize, weights.Type);
    }

    private static void RequireTokenizer(IModelFiles files, ModelKind kind)
    {
        string[] names = kind is ModelKind.Decoder ? [Tokenizer] : [Tokenizer, Vocabulary];
        var present = names.Where(files.Exists).ToList();
        if (present.Count == 0)
        {
            throw new InvalidDataException(names is [var only] ? $"{only} is missing." : $"{string.Join(" and ", names)} are missing; one of them is needed.");
        }
        present.ForEach(name => GitLfsPointer.Refuse(files, name));
    }

    private static (int Dimension, int VocabularySize) ShapeOfTable(WeightsSummary weights) => weights.ShapeOf("embeddings") is [var tokens, var dimension]
        ? (dimension, tokens)
        : throw new InvalidDataException("The weights have no matrix 'embeddings', which a static model is.");

    private static int MaxTokensOf(IModelFiles files, ModelConfiguration configuration)
    {
        switch (configuration.Kind)
        {
            case ModelKind.Encoder:
                // That its way of pooling is built.
                SentenceModules.ReadPooling(files, Pooling.Mean);
                return SequenceLimits.OfEncoder(files, configuration.MaxPositions);
            case ModelKind.Reranker:
                return SequenceLimits.OfReranker(files, configuration.MaxPositions);
            default:
                return configuration.MaxPositions;
        }
    }

    /// <exception cref="InvalidDataException">The head has several labels; where the weights' shapes are not known, loading will tell.</exception>
    private static void RequireOneLabel(WeightsSummary weights, ModelConfiguration configuration)
    {
        var labels = (weights.ShapeOf("classifier.weight") ?? weights.ShapeOf("classifier.out_proj.weight"))?[0] ?? 1;
        if (configuration.Kind is ModelKind.Reranker && labels != 1)
        {
            throw ModelConfiguration.Classifier(configuration.Architecture, labels);
        }
    }
}
