using RagPlatform.FineTuning.Retrieving.Batches;
using RagPlatform.FineTuning.Retrieving.Mining;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.FineTuning.Retrieving.Training;

/// <summary>The hyper-parameters that the methods which learn from pairs share.</summary>
internal static class PairKnobs
{
    public const string HardNegatives = "hard_negatives";
    public const string PassageTokens = "passage_tokens";
    public const string CorpusPassages = "corpus_passages";
    private const string Tuning = "tuning";
    private const string Dropout = "dropout";
    private const string LoraRank = "lora_rank";
    private const string LoraAlpha = "lora_alpha";
    private const string PositiveShare = "positive_share";
    private const string SkippedRanks = "skipped_ranks";
    private const string Full = "full";
    private const string Lora = "lora";

    /// <summary>So many are mined for each that a step draws: a pair meets others in each epoch.</summary>
    private const int MinedForEachDrawn = 4;

    public static IReadOnlyList<HyperParameter> All { get; } =
    [
        .. LoopHyperParameters.All,
        HyperParameter.Choice(Tuning, [Full, Lora], "Whether all weights are trained, or low-rank additions to them.", Full),
        HyperParameter.Integer(LoraRank, 1, EncoderLora.MaxRank, "Of the additions: the higher, the more they can learn.", 16),
        HyperParameter.Number(LoraAlpha, 0.1, 1024, "The additions count alpha / rank.", 32),
        HyperParameter.Number(Dropout, 0, 0.9, "Share of hidden values that training leaves out.", 0.1),
        HyperParameter.Integer(HardNegatives, 0, 64, "Passages beside each pair's answer that look like it, given or mined, drawn anew in each epoch."),
        HyperParameter.Integer(SkippedRanks, 0, 1000, "So many of the best of each ranking are not mined: they may be answers that nobody marked.", 0),
        HyperParameter.Number(PositiveShare, 0, 2, "Passages nearer to the query than this share of its answer's similarity are not mined."),
        HyperParameter.Integer(PassageTokens, 8, 8192, "Tokens that training reads of a passage, at most what the model reads; search reads all of that."),
        HyperParameter.Integer(CorpusPassages, 0, PairData.MaxCorpus, "Passages of the collection that are mined and searched in the test, drawn by the seed.", 10_000),
    ];

    public static MiningSettings Mining(HyperParameterValues values, int drawn, double positiveShare) =>
        new(drawn * MinedForEachDrawn, values.Integer(SkippedRanks, 0), values.Number(PositiveShare, positiveShare));

    public static EncoderTuning EncoderTuning(HyperParameterValues values, ulong seed)
    {
        var dropout = (float)values.Number(Dropout, 0);
        if (values.Choice(Tuning, Full) == Full)
        {
            return Transformers.Training.Encoder.EncoderTuning.Full(dropout);
        }
        var (rank, alpha) = (values.Integer(LoraRank, 0), (float)values.Number(LoraAlpha, 0));
        return Transformers.Training.Encoder.EncoderTuning.LowRank(new EncoderLora(rank, alpha, dropout, EncoderLora.AllTargets, seed), dropout);
    }
}
