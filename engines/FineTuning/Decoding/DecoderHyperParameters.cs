using RagPlatform.FineTuning.Decoding.Chat;
using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers.Decoders;
using RagPlatform.Transformers.Training;
using RagPlatform.Transformers.Training.Decoder;

namespace RagPlatform.FineTuning.Decoding;

/// <summary>The knobs of decoders' fine-tuning, and what "auto" makes of them.</summary>
internal static class DecoderHyperParameters
{
    public const string Lora = "lora";
    public const string Refuse = "refuse";
    public const string Drop = "drop";
    public const string Truncate = "truncate";

    /// <summary>Width of the model whose learning rates are the usual ones; a narrower one takes larger steps.</summary>
    private const double UsualWidth = 2048;

    public static IReadOnlyList<HyperParameter> All { get; } =
    [
        .. LoopHyperParameters.All,
        HyperParameter.Choice("tuning", [Lora, "full"], "lora trains low-rank pairs beside frozen weights and writes an adapter; full trains and writes the whole model.", Lora),
        HyperParameter.Integer("lora_rank", 1, 1024, "Of the low-rank pairs: higher can learn more and forgets more.", 16),
        HyperParameter.Number("lora_alpha", 1e-3, 1e6, "The pairs count alpha / rank times; auto: twice the rank."),
        HyperParameter.Number("lora_dropout", 0, 0.9, "Share of the pairs' inputs left out in training; auto: 0.05 below 1,000 examples, else 0."),
        HyperParameter.Boolean("rank_stabilised", "The pairs count alpha / √rank times instead: for ranks above 64.", false),
        HyperParameter.Choices("target_modules", DecoderTuning.AllTargets, "Linear layers that get pairs; auto: all."),
        HyperParameter.Number("label_smoothing", 0, 0.5, "Share of every label that is wanted equally of all tokens; keeps answers less certain.", 0),
        HyperParameter.Choice("chat_template", ChatTemplate.Names, "The form of conversations; auto: the model's own, plain for a model without one."),
        HyperParameter.Integer("max_tokens", 16, 1 << 20, "Of an example; auto: what the model reads, at most 2,048."),
        HyperParameter.Choice("over_long", [Refuse, Drop, Truncate], "What becomes of examples above max_tokens: no training, left out, or cut at the end.", Refuse),
        HyperParameter.Integer("evaluation_examples", 0, 100_000, "Of the test part, answered by base and adapter; perplexity is of all of it.", 100),
        HyperParameter.Boolean("write_merged", "Writes the whole model with the adapter merged into it, beside the adapter.", false),
    ];

    public static DecoderTuning Tuning(HyperParameterValues values, int examples)
    {
        if (values.Choice("tuning", Lora) != Lora)
        {
            return DecoderTuning.Full;
        }

        var rank = values.Integer("lora_rank", 16);
        return new DecoderTuning
        {
            Rank = rank,
            Alpha = values.Number("lora_alpha", 2 * rank),
            Dropout = values.Number("lora_dropout", examples < 1000 ? 0.05 : 0),
            RankStabilised = values.Boolean("rank_stabilised", false),
            Targets = values.Choices("target_modules", DecoderTuning.AllTargets),
        };
    }

    /// <param name="values">Given.</param>
    /// <param name="tuning">What is trained.</param>
    /// <param name="config">Of the base.</param>
    /// <param name="examples">To train on.</param>
    /// <param name="threads">Of the optimizer.</param>
    public static TrainingSettings Settings(HyperParameterValues values, DecoderTuning tuning, DecoderConfig config, int examples, int threads) =>
        LoopHyperParameters.Settings(values, new TrainingSettings
        {
            Epochs = Math.Clamp((1500 + examples - 1) / examples, 2, 10),
            LearningRate = Math.Min(5e-3, (tuning.IsFull ? 2e-5 : 2e-4) * Math.Max(1, UsualWidth / config.HiddenSize)),
            BatchExamples = Math.Clamp(examples / 50, 4, 16),
            Decay = LearningRateDecay.Cosine,
            WarmUpShare = 0.05,
            WeightDecay = tuning.IsFull ? 0.01 : 0,
            Patience = 3,
            CheckpointEverySteps = 50,
            Threads = threads,
        });
}
