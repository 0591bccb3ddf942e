using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Retrieving.Mining;
using RagPlatform.FineTuning.Retrieving.Training;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.FineTuning.Retrieving.Reranking;

/// <summary>What a reranker's run is set to.</summary>
/// <param name="Loop">How long and how fast.</param>
/// <param name="Tuning">What is trained of the encoder.</param>
/// <param name="Mining">What each pair's negatives are drawn from.</param>
/// <param name="HardNegatives">Drawn for each pair in a step.</param>
/// <param name="HeadRate">Times the learning rate, of the head.</param>
/// <param name="Candidates">That the first search gives to be ranked anew.</param>
internal sealed record RerankerSettings(
    TrainingSettings Loop, EncoderTuning Tuning, MiningSettings Mining, int HardNegatives, double HeadRate, int Candidates)
{
    private const string Rate = "head_rate";
    private const string RankedCandidates = "candidates";
    private const int DefaultHardNegatives = 4;
    private const double DefaultPositiveShare = 1;

    /// <summary>A pass back over so many tokens holds some 500 MB with a model of 6 layers of 384.</summary>
    private const int PieceTokens = 4096;

    /// <summary>Some minutes of two processors, against a checkpoint's three times the model.</summary>
    private const int CheckpointSteps = 20;

    private static readonly TrainingSettings Defaults = new() { Epochs = 3, LearningRate = 5e-5, BatchExamples = 16, BatchTokens = PieceTokens, CheckpointEverySteps = CheckpointSteps };

    public static IReadOnlyList<HyperParameter> HyperParameters { get; } =
    [
        .. PairKnobs.All,
        HyperParameter.Number(Rate, 0.1, 1000, "The score's head learns so many times as fast as the encoder, for it begins at nothing; auto: 10, and 1 where the base is a reranker."),
        HyperParameter.Integer(RankedCandidates, 2, 200, "Passages that the first search gives to be ranked anew in the test.", 20),
    ];

    public static RerankerSettings Read(HyperParameterValues values, bool isReranker, ulong seed, int threads)
    {
        var hardNegatives = values.Integer(PairKnobs.HardNegatives, DefaultHardNegatives);
        return hardNegatives == 0
            ? throw new TrainingException("HYPER_PARAMETER_INVALID", "hard_negatives is 0; a reranker learns from what an answer is compared with.", "Give at least 1.")
            : new RerankerSettings(
                LoopHyperParameters.Settings(values, Defaults) with { Threads = threads },
                PairKnobs.EncoderTuning(values, seed),
                PairKnobs.Mining(values, hardNegatives, DefaultPositiveShare),
                hardNegatives,
                values.Number(Rate, isReranker ? 1 : 10),
                values.Integer(RankedCandidates, 0));
    }
}
