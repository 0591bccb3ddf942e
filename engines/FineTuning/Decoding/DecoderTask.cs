using RagPlatform.FineTuning.Decoding.Chat;
using RagPlatform.FineTuning.Loop;
using RagPlatform.Transformers.Decoders;
using RagPlatform.Transformers.Training;
using RagPlatform.Transformers.Training.Decoder;

namespace RagPlatform.FineTuning.Decoding;

/// <summary>Supervised fine-tuning of a decoder: the mean loss of a batch's learnt tokens, its examples packed without seeing each other.</summary>
internal sealed class DecoderTask(
    TrainableDecoder decoder, IReadOnlyList<EncodedChat> training, IReadOnlyList<EncodedChat> validation, double labelSmoothing, string identity)
    : ITrainingTask
{
    /// <summary>What the backward pass keeps takes at most about 512 MiB.</summary>
    private const int MaxKeptFloats = 128 * 1024 * 1024;

    private const int MaxPackTokens = 4096;

    private readonly int packTokens = Math.Clamp(MaxKeptFloats / FloatsPerToken(decoder.Config), 1, MaxPackTokens);

    public IReadOnlyList<Parameter> Parameters => decoder.Parameters;

    public IReadOnlyList<int> ExampleTokens { get; } = [.. training.Select(example => example.Ids.Length)];

    public string Identity => identity;

    public bool CanValidate => validation.Count > 0;

    public StepLoss Accumulate(ReadOnlySpan<int> examples, double scale, ulong seed, CancellationToken cancellationToken)
    {
        var batch = new List<EncodedChat>(examples.Length);
        foreach (var example in examples)
        {
            batch.Add(training[example]);
        }

        var loss = decoder.Accumulate(Packs(batch), scale, labelSmoothing, decoder.Tuning.Dropout > 0 ? seed : null, cancellationToken);
        return new StepLoss(loss.Mean, batch.Sum(example => example.Ids.Length));
    }

    public ValidationResult Validate(CancellationToken cancellationToken)
    {
        var loss = decoder.Measure(Packs(validation), cancellationToken);
        return new ValidationResult(loss.Mean, -loss.Mean, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["perplexity"] = Math.Exp(loss.Mean), ["token_accuracy"] = (double)loss.Right / loss.Labels,
        });
    }

    /// <summary>The examples in their order, as many in a pack as it holds; a longer one has a pack of its own.</summary>
    private List<TokenPack> Packs(IReadOnlyList<EncodedChat> examples)
    {
        var (packs, texts, tokens) = (new List<TokenPack>(), new List<(int[] Ids, bool[] IsWanted)>(), 0);
        foreach (var example in examples)
        {
            if (texts.Count > 0 && tokens + example.Ids.Length > packTokens)
            {
                packs.Add(TokenPack.Of(texts));
                (texts, tokens) = ([], 0);
            }

            texts.Add((example.Ids, example.IsWanted));
            tokens += example.Ids.Length;
        }

        packs.Add(TokenPack.Of(texts));
        return packs;
    }

    private static int FloatsPerToken(DecoderConfig config) =>
        config.Layers * ((3 * config.HiddenSize) + (2 * config.IntermediateSize) + (2 * config.QuerySize) + (2 * config.KeySize));
}
