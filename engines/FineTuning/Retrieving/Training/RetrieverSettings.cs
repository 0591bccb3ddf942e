using System.Globalization;
using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Retrieving.Loss;
using RagPlatform.FineTuning.Retrieving.Mining;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.FineTuning.Retrieving.Training;

/// <summary>What a retriever's run is set to.</summary>
/// <param name="Loop">How long and how fast.</param>
/// <param name="Tuning">What is trained.</param>
/// <param name="Mining">What each pair's negatives are drawn from.</param>
/// <param name="Loss">What is learnt.</param>
/// <param name="HardNegatives">Drawn for each pair in a step.</param>
/// <param name="FalseNegativeMargin">A batch's passage whose cosine to a query, by the base model, is above its answer's by more is no negative of it.</param>
/// <param name="BaseShare">Of the base model's weights in the result, 0 to 1.</param>
/// <param name="PassageTokens">That training reads of a passage.</param>
internal sealed record RetrieverSettings(
    TrainingSettings Loop, EncoderTuning Tuning, MiningSettings Mining, ContrastiveLoss Loss, int HardNegatives, double FalseNegativeMargin, double BaseShare, int PassageTokens)
{
    private const string Temperature = "temperature";
    private const string Matryoshka = "matryoshka_dimensions";
    private const string AnchorWeight = "anchor_weight";
    private const string Margin = "false_negative_margin";
    private const string Share = "base_share";
    private const int DefaultHardNegatives = 1;

    /// <summary>Most of what a passage is about stands at its beginning, and half as many tokens are read in half the time.</summary>
    private const int DefaultPassageTokens = 128;
    private const double DefaultPositiveShare = 0.95;

    /// <summary>A pass back over so many tokens holds some 500 MB with a model of 6 layers of 384.</summary>
    private const int PieceTokens = 2048;

    /// <summary>Some minutes of two processors, against a checkpoint's three times the model.</summary>
    private const int CheckpointSteps = 20;

    private static readonly TrainingSettings Defaults = new() { Epochs = 3, LearningRate = 2e-5, BatchExamples = 32, BatchTokens = PieceTokens, CheckpointEverySteps = CheckpointSteps };

    public static IReadOnlyList<HyperParameter> HyperParameters { get; } =
    [
        .. PairKnobs.All,
        HyperParameter.Number(Temperature, 0.001, 1, "Of the cosines: the lower, the more the nearest negatives count.", 0.05),
        new(Matryoshka, HyperParameter.Auto, "lengths with commas between, such as 64,128,256", "Vectors cut to these lengths are trained too, so that they search well; auto: none.", CheckLengths),
        HyperParameter.Number(AnchorWeight, 0, 100, "Holds the vectors of the training texts near the base model's.", 0),
        HyperParameter.Number(Margin, 0, 2, "A batch's passage that the base model finds nearer to a query than its answer, by more than this, is no negative of it.", 0.1),
        HyperParameter.Number(Share, 0, 1, "Of the base model's weights in the result: the more, the less is learnt and the less forgotten (Wortsman et al. 2022, arXiv:2109.01903).", 0.1),
    ];

    public static RetrieverSettings Read(HyperParameterValues values, int width, int maxTokens, ulong seed, int threads)
    {
        var hardNegatives = values.Integer(PairKnobs.HardNegatives, DefaultHardNegatives);
        return new RetrieverSettings(
            LoopHyperParameters.Settings(values, Defaults) with { Threads = threads },
            PairKnobs.EncoderTuning(values, seed),
            PairKnobs.Mining(values, hardNegatives, DefaultPositiveShare),
            new ContrastiveLoss(values.Number(Temperature, 0), Widths(values, width), values.Number(AnchorWeight, 0)),
            hardNegatives,
            values.Number(Margin, 0),
            values.Number(Share, 0),
            Math.Min(maxTokens, values.Integer(PairKnobs.PassageTokens, DefaultPassageTokens)));
    }

    private static int[] Widths(HyperParameterValues values, int width)
    {
        int[] lengths = values.IsGiven(Matryoshka) ? [.. Lengths(values.Choice(Matryoshka, ""))!] : [];
        return Array.Find(lengths, length => length >= width) is not 0 and var wrong
            ? throw new TrainingException("HYPER_PARAMETER_INVALID", $"{Matryoshka} has {wrong}; the model's vectors have {width} components.", "Give shorter lengths.")
            : [width, .. lengths];
    }

    private static string? CheckLengths(string text) => Lengths(text) is null ? "must be one to eight different whole numbers of at least 1, with commas between" : null;

    private static int[]? Lengths(string text)
    {
        var words = text.Split(',', StringSplitOptions.TrimEntries);
        var lengths = words.Select(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : 0).Distinct().ToArray();
        return words.Length is >= 1 and <= 8 && lengths.Length == words.Length && lengths.All(length => length > 0) ? lengths : null;
    }
}
