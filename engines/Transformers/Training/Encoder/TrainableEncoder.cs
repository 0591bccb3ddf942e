using System.Collections.Concurrent;
using RagPlatform.Numerics.Threads;
using RagPlatform.Tokenization;
using RagPlatform.Transformers.Bert;
using RagPlatform.Transformers.Sentences;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>
/// A BERT-family encoder (without its pooler) forward and backward, in fp32: all of it is trained, or a low-rank adapter. Texts of
/// different lengths lie one after the other, without padding. Gradients are the same, bit for bit, on any number of
/// threads of one machine. Not thread-safe: one pass at a time, though several passes' activations may wait for their way back.
/// Every forward pass lays the weights out anew, as the parameters' values are then.
/// </summary>
public sealed partial class TrainableEncoder
{
    /// <summary>Most tokens of one batch: about 0.1 MB each is kept of a MiniLM for its backward pass.</summary>
    public const int MaxBatchTokens = 65_536;

    private readonly BertConfig config;
    private readonly SentenceSettings settings;
    private readonly EncoderEmbeddings embeddings;
    private readonly TrainableLayer[] layers;
    private readonly ShareLayout shares;
    private readonly PairFormat pairs;
    private readonly IModelFiles source;
    private readonly string name;
    private readonly ConcurrentBag<EncoderBuffers> kept = [];
    private readonly ConcurrentBag<EncoderBuffers> passing = [];

    private TrainableEncoder(
        BertConfig config, IWeights weights, BertNames names, ITextTokenizer tokenizer, SentenceSettings settings, EncoderTuning tuning, IModelFiles source, string name)
    {
        (this.source, this.name) = (source, name);
        (this.config, this.settings, Tokenizer, Tuning) = (config, settings, tokenizer, tuning);
        embeddings = new EncoderEmbeddings(config, weights, names, tuning);
        layers = [.. Enumerable.Range(0, config.Layers).Select(layer => new TrainableLayer(config, weights, names, layer, tuning))];
        shares = new ShareLayout(layers[0]);
        pairs = PairFormat.Of(tokenizer, config, settings.MaxTokens);
        Parameters = [.. embeddings.Parameters, .. layers.SelectMany(layer => layer.Parameters)];
    }

    public EncoderTuning Tuning { get; }

    /// <summary>All that is trained, always in the same order, named as in Hugging Face's BertModel, adapters as in PEFT without its prefix.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    public ITextTokenizer Tokenizer { get; }

    /// <summary>Tokens that the model reads of a text, [CLS], [SEP] and the prefix included; the rest is left out and counted.</summary>
    public int MaxTokens => settings.MaxTokens;

    public int HiddenSize => config.HiddenSize;

    public int Layers => config.Layers;

    /// <summary>Loads a model as <see cref="SentenceEncoder.Load"/> does; a reranker's encoder loads too.</summary>
    /// <param name="files">The model's folder.</param>
    /// <param name="name">The model's or the folder's, for what the files do not say.</param>
    /// <param name="tuning">What of it is trained.</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message names it.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, of an unsupported kind, or does not fit the others.</exception>
    /// <exception cref="ArgumentException">The tuning has a value out of its range.</exception>
    public static TrainableEncoder Load(IModelFiles files, string name, EncoderTuning tuning)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(tuning);
        EncoderTuning.ThrowIfInvalid(tuning);
        var shape = BertFiles.ReadConfig(files);
        var tokenizer = BertTokenizer.Open(files, shape);
        var sentences = SentenceSettings.Read(files, shape, tokenizer, name);
        return BertFiles.ReadWeights(files, (weights, names) => new TrainableEncoder(shape, weights, names, tokenizer, sentences, tuning, files, name));
    }

    /// <summary>What the model wants before a text of that kind; empty where it wants nothing.</summary>
    public string PrefixOf(TextKind kind) => settings.Prefixes.Of(kind);

    /// <summary>The text with its prefix as the model's input, cut at <see cref="MaxTokens"/>.</summary>
    public EncodedText Encode(string text, TextKind kind) => Tokenizer.Encode(PrefixOf(kind) + text, MaxTokens);

    /// <summary>Two texts as one input, cut as <see cref="CrossEncoder.Encode"/> cuts them.</summary>
    public EncodedPair EncodePair(string first, string second) => pairs.Join(Tokenizer.Tokenize(first).Ids, Tokenizer.Tokenize(second).Ids);

    /// <summary>The forward pass of a batch.</summary>
    /// <param name="texts">At least one; together at most <see cref="MaxBatchTokens"/> tokens.</param>
    /// <param name="dropoutSeed">Of all dropout: the same seed, the same pass; null for none.</param>
    /// <param name="threads">From 1 to <see cref="ThreadTeam.MaxThreads"/>.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <returns>To be disposed; it is read until then.</returns>
    public EncoderActivations Forward(IReadOnlyList<EncodedText> texts, ulong? dropoutSeed, int threads, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return Forward([.. texts.Select(text => new BertText(text.Ids, text.Ids.Length))], dropoutSeed, threads, keep: true, cancellationToken);
    }

    /// <inheritdoc cref="Forward(IReadOnlyList{EncodedText}, ulong?, int, CancellationToken)"/>
    public EncoderActivations Forward(IReadOnlyList<EncodedPair> pairs, ulong? dropoutSeed, int threads, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return Forward([.. pairs.Select(pair => new BertText(pair.Ids, pair.SecondStart))], dropoutSeed, threads, keep: true, cancellationToken);
    }

    /// <summary>Adds the gradient of the loss to the parameters' gradients. Once for each forward pass: it writes over what that kept.</summary>
    /// <param name="activations">Of this encoder's forward pass, with the parameters as they were then.</param>
    /// <param name="hiddenGradient">Of the last hidden states [tokens, hidden].</param>
    /// <param name="threads">From 1 to <see cref="ThreadTeam.MaxThreads"/>.</param>
    /// <param name="cancellationToken">Looked at between layers; after it, gradients are in parts.</param>
    /// <exception cref="InvalidOperationException">The activations had their backward pass.</exception>
    public void Backward(EncoderActivations activations, ReadOnlySpan<float> hiddenGradient, int threads, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(activations);
        ArgumentOutOfRangeException.ThrowIfNotEqual(hiddenGradient.Length, activations.Tokens * HiddenSize, nameof(hiddenGradient));
        if (activations.IsConsumed)
        {
            throw new InvalidOperationException("These activations had their backward pass; make a forward pass for another.");
        }
        activations.IsConsumed = true;
        // So that no thread is the first to use a gradient.
        foreach (var parameter in Parameters)
        {
            _ = parameter.Gradient;
        }
        var (pass, buffers) = (activations.Pass, activations.Buffers);
        buffers.ReserveBackward(config, pass.Rows, pass.Groups.Length * Math.Max(shares.Length, embeddings.Norm.ShareLength));
        buffers.ReserveThreads(config, threads, pass.MostGroupRows, pass.Longest, MostRanks);
        hiddenGradient.CopyTo(buffers.Gradient);
        using var team = ThreadTeam.OnPool(threads);
        new EncoderBackward(config, embeddings, layers, shares, Tuning.Lora is null, pass, buffers, cancellationToken).Run(team);
    }

    private int MostRanks => layers[0].Linears.Max(linear => linear.Ranks);

    private EncoderActivations Forward(BertText[] texts, ulong? dropoutSeed, int threads, bool keep, CancellationToken cancellationToken)
    {
        ThrowIfUnfit(texts);
        var pass = new EncoderPass(texts, dropoutSeed is null ? 0 : Tuning.Dropout, dropoutSeed is null ? 0 : Tuning.Lora?.Dropout ?? 0, dropoutSeed ?? 0);
        var free = keep ? kept : passing;
        var buffers = free.TryTake(out var used) ? used : new EncoderBuffers();
        buffers.ReserveForward(config, layers, pass.Rows, keep);
        buffers.ReserveThreads(config, threads, pass.MostGroupRows, pass.Longest, MostRanks);
        using var team = ThreadTeam.OnPool(threads);
        new EncoderForward(config, embeddings, layers, pass, buffers, cancellationToken).Run(team);
        return new EncoderActivations(pass, buffers, HiddenSize, free.Add);
    }

    private void ThrowIfUnfit(BertText[] texts)
    {
        if (texts.Length == 0)
        {
            throw new ArgumentException("A batch needs at least one text.", nameof(texts));
        }
        var tokens = 0L;
        for (var i = 0; i < texts.Length; i++)
        {
            var ids = texts[i].Ids;
            if (ids.Length == 0 || ids.Length > config.MaxPositions)
            {
                throw new ArgumentException($"Text {i} has {ids.Length} tokens; the model reads from 1 to {config.MaxPositions}.", nameof(texts));
            }
            if (Array.Exists(ids, id => (uint)id >= (uint)config.VocabularySize))
            {
                throw new ArgumentException($"Text {i} has a token id outside the vocabulary of {config.VocabularySize}.", nameof(texts));
            }
            tokens += ids.Length;
        }
        if (tokens > MaxBatchTokens)
        {
            throw new ArgumentException($"The batch has {tokens} tokens; at most {MaxBatchTokens} go together. Make it smaller and accumulate gradients.", nameof(texts));
        }
    }
}
