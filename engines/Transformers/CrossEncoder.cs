using RagPlatform.Tokenization;
using RagPlatform.Transformers.Bert;
using RagPlatform.Transformers.Sentences;

namespace RagPlatform.Transformers;

/// <summary>
/// Scores how well passages answer a query by reading each together with it (Nogueira and Cho 2019, arXiv:1901.04085):
/// a BERT- or XLM-R-ForSequenceClassification with one label, such as ms-marco-MiniLM-L6-v2 or bge-reranker-v2-m3.
/// Thread-safe. A passage's score does not depend on the passages beside it nor on the number of threads.
/// </summary>
public sealed class CrossEncoder
{
    private readonly BertPasses passes;
    private readonly ScoreHead head;
    private readonly PairFormat format;

    private CrossEncoder(BertEncoder encoder, ScoreHead head, ITextTokenizer tokenizer, int maxTokens)
    {
        passes = new BertPasses(encoder);
        this.head = head;
        Tokenizer = tokenizer;
        MaxTokens = maxTokens;
        format = PairFormat.Of(tokenizer, encoder.Config, maxTokens);
    }

    /// <summary>Tokens that the model reads of a query and a passage together, special ones included.</summary>
    public int MaxTokens { get; }

    public ITextTokenizer Tokenizer { get; }

    /// <summary>Loads config.json, vocab.txt or tokenizer.json, the weights, and tokenizer_config.json's limit where it is there.</summary>
    /// <exception cref="FileNotFoundException">A file is missing; the message names it.</exception>
    /// <exception cref="InvalidDataException">A file is damaged or does not fit the others, or the model is no reranker with one label.</exception>
    public static CrossEncoder Load(IModelFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var config = BertFiles.ReadConfig(files);
        var tokenizer = BertTokenizer.Open(files, config);
        return BertFiles.ReadWeights(files, (weights, names) => new CrossEncoder(
            new BertEncoder(config, weights, names, WeightPrecision.Full), ScoreHead.Read(weights, config), tokenizer,
            SequenceLimits.OfReranker(files, config.MaxPositions)));
    }

    /// <summary>
    /// The pairs as inputs, cut to <see cref="MaxTokens"/> as the models were trained (transformers' longest_first): a token
    /// at a time from the longer of the two, so a query keeps what it has up to half of the room, whatever the passage.
    /// </summary>
    public EncodedPair[] Encode(string query, IReadOnlyList<string> passages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(passages);
        var queryIds = Tokenizer.Tokenize(query).Ids;
        var pairs = new EncodedPair[passages.Count];
        for (var i = 0; i < pairs.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var passage = passages[i] ?? throw new ArgumentException($"Passage {i} of {pairs.Length} is null.", nameof(passages));
            pairs[i] = format.Join(queryIds, Tokenizer.Tokenize(passage).Ids);
        }
        return pairs;
    }

    /// <summary>Tokens that a passage may have beside that query and be read whole.</summary>
    public int RoomForPassage(string query) => format.RoomBeside(Tokenizer.Count(query));

    /// <summary>Scores inputs, in their order.</summary>
    /// <param name="pairs">From <see cref="Encode"/>.</param>
    /// <param name="threads">At most so many work at a time; at least 1.</param>
    /// <param name="cancellationToken">Looked at between inputs.</param>
    public PairScore[] Score(IReadOnlyList<EncodedPair> pairs, int threads, CancellationToken cancellationToken) =>
        passes.Run(pairs, pair => new BertText(pair.Ids, pair.SecondStart), Read, threads, cancellationToken);

    /// <summary>Tokenises and scores passages, in their order. Empty texts have a score too.</summary>
    public PairScore[] Score(string query, IReadOnlyList<string> passages, int threads, CancellationToken cancellationToken) =>
        Score(Encode(query, passages, cancellationToken), threads, cancellationToken);

    private PairScore Read(EncodedPair pair, ReadOnlySpan<float> hidden) => new(
        head.Apply(hidden[..passes.Encoder.Config.HiddenSize]), pair.Ids.Length, pair.UnseenQueryTokens, pair.UnseenPassageTokens);
}
