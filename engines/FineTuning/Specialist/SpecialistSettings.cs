using System.Globalization;
using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers.Training;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>How a specialist is trained: its knobs, and what "auto" makes of them.</summary>
internal sealed record SpecialistSettings(
    TrainingSettings Loop, EncoderTuning Tuning, float LabelSmoothing, bool WeighsLabels, double HeadRateFactor, double LayerDecay, float TagWeight, string Identity)
{
    private const string Lora = "lora";
    private const string Full = "full";

    /// <summary>Steps that an encoder of this size needs, however little data there is; of much data fewer epochs do.</summary>
    private const int WantedSteps = 2500;

    private static readonly Dictionary<string, EncoderTarget> Targets = Enum.GetValues<EncoderTarget>().ToDictionary(Word, StringComparer.Ordinal);

    public float Dropout => Tuning.Dropout;

    public static IReadOnlyList<HyperParameter> HyperParameters { get; } =
    [
        .. LoopHyperParameters.All,
        HyperParameter.Choice("tuning", [Full, Lora], "Whether all of the encoder is trained, or a low-rank adapter: full is a little better, an adapter is a hundredth of the size.", Full),
        HyperParameter.Integer("lora_rank", 1, EncoderLora.MaxRank, "Of the adapter's matrices; higher learns more and weighs more.", 16),
        HyperParameter.Number("lora_alpha", 0.001, 4096, "What the adapter is multiplied by, over the rank; twice the rank is usual."),
        HyperParameter.Number("lora_dropout", 0, 0.9, "Share of the adapter's inputs that are left out at random.", 0.05),
        HyperParameter.Choices("lora_targets", [.. Targets.Keys], "The linear layers that get an adapter."),
        HyperParameter.Number("dropout", 0, 0.9, "Share of the encoder's states that are left out at random, so that it does not learn by heart.", 0.1),
        HyperParameter.Number("label_smoothing", 0, 0.5, "Share of a label's probability that is wanted of all labels alike: answers are less sure of themselves.", 0.1),
        HyperParameter.Boolean("balance_labels", "Whether rare labels weigh more."),
        HyperParameter.Number("head_rate_factor", 0.01, 1000, "Times the learning rate, of the heads, which begin at nothing."),
        HyperParameter.Number("layer_decay", 0.1, 1, "What each layer's learning rate is of that of the layer above it: the lower ones know the language already."),
        HyperParameter.Number("tag_weight", 0.01, 100, "Of the loss of spans, beside that of labels.", 1),
    ];

    public static SpecialistSettings Read(HyperParameterValues values, int examples, bool isImbalanced, string identity, ulong seed, int threads)
    {
        var isLora = values.Choice("tuning", Full) == Lora;
        const int batch = 32;
        var loop = LoopHyperParameters.Settings(values, new TrainingSettings
        {
            Epochs = Math.Clamp((int)Math.Ceiling((double)WantedSteps * batch / Math.Max(1, examples)), 6, 40),
            LearningRate = isLora ? 5e-4 : 1e-4,
            BatchExamples = batch,
            Decay = LearningRateDecay.Linear,
            WarmUpShare = 0.1,
            WeightDecay = 0.01,
            CheckpointEverySteps = 200,
            Threads = threads,
        });
        var dropout = (float)values.Number("dropout", 0.1);
        var tuning = isLora ? EncoderTuning.LowRank(ReadLora(values, seed), dropout) : EncoderTuning.Full(dropout);
        return new SpecialistSettings(
            loop, tuning, (float)values.Number("label_smoothing", 0.1), values.Boolean("balance_labels", isImbalanced), values.Number("head_rate_factor", isLora ? 4 : 10),
            values.Number("layer_decay", isLora ? 1 : 0.9), (float)values.Number("tag_weight", 1), $"{identity} {string.Join(' ', values.Used.Select(pair => $"{pair.Key}={pair.Value}"))}");
    }

    /// <summary>Of a parameter of the encoder: layers below the last learn ever more slowly, embeddings slowest.</summary>
    /// <param name="name">As Hugging Face's BertModel has it.</param>
    /// <param name="layers">Of the encoder.</param>
    public double EncoderRateFactor(string name, int layers)
    {
        const string layer = "layer.";
        var at = name.IndexOf(layer, StringComparison.Ordinal);
        var number = at < 0 ? -1 : int.Parse(name[(at + layer.Length)..].Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture);
        return Math.Pow(LayerDecay, layers - 1 - number);
    }

    private static EncoderLora ReadLora(HyperParameterValues values, ulong seed)
    {
        var rank = values.Integer("lora_rank", 16);
        return new EncoderLora(
            rank, (float)values.Number("lora_alpha", 2 * rank), (float)values.Number("lora_dropout", 0.05),
            [.. values.Choices("lora_targets", [.. Targets.Keys]).Select(word => Targets[word])], RandomSeed.Derive(seed, 2));
    }

    /// <summary>"attention_output".</summary>
    private static string Word(EncoderTarget target) =>
        string.Concat(target.ToString().Select((letter, index) => index > 0 && char.IsUpper(letter) ? $"_{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
