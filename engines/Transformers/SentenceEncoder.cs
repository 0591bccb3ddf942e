using RagPlatform.Tokenization;
using RagPlatform.Transformers.Bert;
using RagPlatform.Transformers.Sentences;

namespace RagPlatform.Transformers;

/// <summary>
/// Turns texts into vectors with a sentence encoder of the BERT family, such as all-MiniLM-L6-v2, bge, gte, e5, arctic-embed
/// (Reimers and Gurevych 2019, arXiv:1908.10084). Thread-safe. A text's vector does not depend on the texts beside
/// it nor on the number of threads.
/// </summary>
public sealed class SentenceEncoder : ITextEmbedder
{
    private readonly BertPasses passes;
    private readonly TextPrefixes prefixes;

    private SentenceEncoder(BertEncoder encoder, ITextTokenizer tokenizer, SentenceSettings settings, TextPrefixes prefixes)
    {
        passes = new BertPasses(encoder);
        Pooling = settings.Pooling;
        this.prefixes = prefixes;
        Tokenizer = tokenizer;
        MaxTokens = settings.MaxTokens;
    }

    /// <summary>Length of the vectors.</summary>
    public int Dimension => passes.Encoder.Config.HiddenSize;

    /// <summary>Tokens that the model reads of a text, [CLS], [SEP] and the prefix included; the rest is left out and counted.</summary>
    public int MaxTokens { get; }

    /// <summary>That it computes in: full where mixed was asked for and no layer's weights are of few bits.</summary>
    public WeightPrecision Precision => passes.Encoder.Precision;

    public ITextTokenizer Tokenizer { get; }

    /// <summary>How a text's vector is made of its tokens'.</summary>
    public Pooling Pooling { get; }

    /// <summary>
    /// Loads a model from Hugging Face's layout: config.json, vocab.txt or tokenizer.json, weights as
    /// <see cref="Weights.ModelWeights"/> finds them, and sentence-transformers' settings where they are there.
    /// </summary>
    /// <param name="files">The model's folder.</param>
    /// <param name="name">The model's or the folder's: for what the files do not say, it tells the family whose card does.</param>
    /// <param name="prefixes">Instead of those that the files or the family name; null for these.</param>
    /// <param name="precision">How exactly it computes. Vectors of two precisions are near, not equal.</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message names it.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, of an unsupported kind, or does not fit the others.</exception>
    public static SentenceEncoder Load(
        IModelFiles files, string name = "", TextPrefixes? prefixes = null, WeightPrecision precision = WeightPrecision.Full)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(name);
        var config = BertFiles.ReadConfig(files);
        if (config.Architecture.EndsWith("ForSequenceClassification", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{BertConfig.File}: {config.Architecture} scores texts; it makes no vectors. It can be a reranker.");
        }
        var tokenizer = BertTokenizer.Open(files, config);
        var settings = SentenceSettings.Read(files, config, tokenizer, name);
        prefixes ??= settings.Prefixes;
        RequireRoom(prefixes.Query, tokenizer, settings.MaxTokens);
        RequireRoom(prefixes.Passage, tokenizer, settings.MaxTokens);
        var encoder = BertFiles.ReadWeights(files, (weights, names) => new BertEncoder(config, weights, names, precision));
        return new SentenceEncoder(encoder, tokenizer, settings, prefixes);
    }

    public string PrefixOf(TextKind kind) => prefixes.Of(kind);

    public EncodedText Encode(string text, TextKind kind)
    {
        var prefix = prefixes.Of(kind);
        return Tokenizer.Encode(prefix.Length == 0 ? text : prefix + text, MaxTokens);
    }

    public TextEmbedding[] Embed(IReadOnlyList<EncodedText> inputs, int threads, CancellationToken cancellationToken) =>
        passes.Run(inputs, input => new BertText(input.Ids, input.Ids.Length), Read, threads, cancellationToken);

    private static void RequireRoom(string prefix, ITextTokenizer tokenizer, int maxTokens)
    {
        var tokens = tokenizer.Count(prefix) + BertTokenizer.SpecialTokens;
        if (tokens >= maxTokens)
        {
            throw new InvalidDataException($"The prefix '{ModelJson.Shown(prefix)}' takes {tokens} of the {maxTokens} tokens that the model reads, and leaves none for a text.");
        }
    }

    private TextEmbedding Read(EncodedText input, ReadOnlySpan<float> hidden) =>
        new(Pooling.ToSentenceVector(hidden, Dimension), input.Ids.Length, input.UnseenTokens);
}
