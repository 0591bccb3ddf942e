using RagPlatform.Tokenization;
using RagPlatform.Transformers.Bert;
using RagPlatform.Transformers.Sentences;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.Transformers;

/// <summary>
/// A BERT-family encoder for serving what was trained on it: last hidden states of every token, of the base or with an adapter
/// beside it, many adapters over one base in memory. Thread-safe. A text's states do not depend on the texts beside it nor on the
/// number of threads.
/// </summary>
public sealed class TokenEncoder
{
    private readonly BertPasses passes;
    private readonly SentenceSettings settings;

    private TokenEncoder(BertEncoder encoder, ITextTokenizer tokenizer, SentenceSettings settings)
    {
        passes = new BertPasses(encoder);
        (this.settings, Tokenizer) = (settings, tokenizer);
    }

    public ITextTokenizer Tokenizer { get; }

    /// <summary>Tokens that the model reads of a text, [CLS], [SEP] and the prefix included; the rest is left out and counted.</summary>
    public int MaxTokens => settings.MaxTokens;

    public int HiddenSize => passes.Encoder.Config.HiddenSize;

    /// <summary>Loads a model as <see cref="SentenceEncoder.Load"/> does, in fp32.</summary>
    /// <param name="files">The model's folder; also one that <see cref="TrainableEncoder.SaveMerged"/> wrote.</param>
    /// <param name="name">The model's or the folder's, for what the files do not say.</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message names it.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, of an unsupported kind, or does not fit the others.</exception>
    public static TokenEncoder Load(IModelFiles files, string name = "")
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(name);
        var config = BertFiles.ReadConfig(files);
        var tokenizer = BertTokenizer.Open(files, config);
        var sentences = SentenceSettings.Read(files, config, tokenizer, name);
        return BertFiles.ReadWeights(files, (weights, names) =>
            new TokenEncoder(new BertEncoder(config, weights, names, WeightPrecision.Full), tokenizer, sentences));
    }

    /// <summary>Loads an adapter of this encoder: adapter_config.json and adapter_model.safetensors.</summary>
    /// <exception cref="FileNotFoundException">A file is missing; the message names it.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, of a kind that is not built, or made for an encoder of another shape.</exception>
    public EncoderAdapter LoadAdapter(IModelFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return EncoderAdapter.Load(files, passes.Encoder.Config);
    }

    /// <summary>What the model wants before a text of that kind; empty where it wants nothing.</summary>
    public string PrefixOf(TextKind kind) => settings.Prefixes.Of(kind);

    /// <summary>The text with its prefix as the model's input, cut at <see cref="MaxTokens"/>.</summary>
    public EncodedText Encode(string text, TextKind kind) => Tokenizer.Encode(PrefixOf(kind) + text, MaxTokens);

    /// <summary>Results from last hidden states, in the order of the texts.</summary>
    /// <param name="texts">From <see cref="Encode"/>.</param>
    /// <param name="adapter">From <see cref="LoadAdapter"/> of an encoder of this shape; null for the base alone.</param>
    /// <param name="read">Makes a text's result of its last hidden states [its tokens, hidden]; called on several threads.</param>
    /// <param name="threads">At most so many work at a time, on one text or several; at least 1.</param>
    /// <param name="cancellationToken">Looked at between passes.</param>
    public TResult[] Run<TResult>(
        IReadOnlyList<EncodedText> texts, EncoderAdapter? adapter, HiddenStates<TResult> read, int threads, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(read);
        if (adapter?.Fits(passes.Encoder.Config) == false)
        {
            throw new ArgumentException("The adapter is of an encoder of another shape; load it with this one.", nameof(adapter));
        }
        return passes.Run(
            [.. texts.Index()], text => new BertText(text.Item.Ids, text.Item.Ids.Length), (text, hidden) => read(text.Index, hidden), threads, cancellationToken, adapter);
    }
}
