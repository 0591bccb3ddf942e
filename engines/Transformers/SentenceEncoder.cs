using System.Collections.Concurrent;
using RagPlatform.Tokenization;
using RagPlatform.Transformers.Bert;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers;

/// <summary>
/// Turns texts into vectors with a BERT-family sentence encoder such as all-MiniLM-L6-v2
/// (Reimers and Gurevych 2019, arXiv:1908.10084). Thread-safe. A text's vector does not depend on the texts beside
/// it nor on the number of threads.
/// </summary>
public sealed class SentenceEncoder : ITextEmbedder
{
    private const string ConfigFile = "config.json";
    private const string VocabularyFile = "vocab.txt";

    private readonly BertEncoder encoder;
    private readonly Pooling pooling;
    private readonly ConcurrentBag<BertScratch> scratches = [];

    private SentenceEncoder(BertEncoder encoder, WordPieceTokenizer tokenizer, SentenceSettings settings)
    {
        this.encoder = encoder;
        pooling = settings.Pooling;
        Tokenizer = tokenizer;
        MaxTokens = settings.MaxTokens;
    }

    /// <summary>Length of the vectors.</summary>
    public int Dimension => encoder.Config.HiddenSize;

    /// <summary>Tokens that the model reads of a text, [CLS] and [SEP] included; the rest is left out and counted.</summary>
    public int MaxTokens { get; }

    public ITextTokenizer Tokenizer { get; }

    /// <summary>
    /// Loads a model from Hugging Face's layout: config.json, vocab.txt, weights as <see cref="ModelWeights"/> finds
    /// them, and sentence-transformers' settings where they are there.
    /// </summary>
    /// <exception cref="FileNotFoundException">A file is missing; the message names it.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, of an unsupported kind, or does not fit the others.</exception>
    public static SentenceEncoder Load(IModelFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        using var configStream = OpenRequired(files, ConfigFile);
        var config = BertConfig.Read(configStream);
        var settings = SentenceSettings.Read(files, config.MaxPositions);

        using var vocabulary = new StreamReader(OpenRequired(files, VocabularyFile));
        var tokenizer = WordPieceTokenizer.FromVocabulary(vocabulary, settings.LowerCase);
        if (tokenizer.VocabularySize > config.VocabularySize)
        {
            throw new InvalidDataException(
                $"{VocabularyFile} has {tokenizer.VocabularySize} pieces; {ConfigFile} has vocab_size {config.VocabularySize}. They belong to different models.");
        }
        try
        {
            return new SentenceEncoder(LoadEncoder(files, config), tokenizer, settings);
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException("The weights file became shorter while it was read.", exception);
        }
    }

    public string PrefixOf(TextKind kind) => "";

    public EncodedText Encode(string text, TextKind kind) => Tokenizer.Encode(text, MaxTokens);

    public TextEmbedding[] Embed(IReadOnlyList<EncodedText> inputs, int threads, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        cancellationToken.ThrowIfCancellationRequested();

        // Longest first, so that no thread is left with a long text when the others have finished.
        var order = Enumerable.Range(0, inputs.Count).ToArray();
        Array.Sort(order, (left, right) => inputs[right].Ids.Length - inputs[left].Ids.Length);
        var embeddings = new TextEmbedding[inputs.Count];
        var next = -1;
        if (Math.Min(threads, inputs.Count) <= 1)
        {
            Work();
        }
        else
        {
            var workers = Math.Min(threads, inputs.Count);
            var options = new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellationToken };
            Parallel.For(0, workers, options, _ => Work());
        }
        return embeddings;

        void Work()
        {
            var scratch = scratches.TryTake(out var free) ? free : new BertScratch(encoder.Config, MaxTokens);
            int taken;
            while ((taken = Interlocked.Increment(ref next)) < order.Length && !cancellationToken.IsCancellationRequested)
            {
                var input = inputs[order[taken]];
                var vector = pooling.ToSentenceVector(encoder.Forward(input.Ids, scratch), Dimension);
                embeddings[order[taken]] = new TextEmbedding(vector, input.Ids.Length, input.UnseenTokens);
            }
            scratches.Add(scratch);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static BertEncoder LoadEncoder(IModelFiles files, BertConfig config)
    {
        using var weights = ModelWeights.Open(files);
        return new BertEncoder(config, weights, BertNames.Of(weights));
    }

    private static Stream OpenRequired(IModelFiles files, string name) => files.Exists(name)
        ? files.Open(name)
        : throw new FileNotFoundException($"The model has no {name}.", name);
}
