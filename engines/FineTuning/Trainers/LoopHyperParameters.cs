using RagPlatform.FineTuning.Loop;
using RagPlatform.Transformers.Training;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.FineTuning.Trainers;

/// <summary>The knobs of the loop that all methods share.</summary>
public static class LoopHyperParameters
{
    private static readonly string[] Schedules = ["constant", "linear", "cosine"];

    /// <summary>A trainer adds its own.</summary>
    public static IReadOnlyList<HyperParameter> All { get; } =
    [
        HyperParameter.Integer("epochs", 1, 1000, "Times that every example is seen; more learn rare cases better, until validation gets worse."),
        HyperParameter.Number("learning_rate", 1e-8, 1, "How far a step goes, at most; too high diverges, too low learns nothing in the epochs given."),
        HyperParameter.Integer("batch_size", 1, 65536, "Examples of a batch at most; larger ones give steadier steps, and fewer of them."),
        HyperParameter.Integer("batch_tokens", 16, TrainableEncoder.MaxBatchTokens, "Tokens of a batch at most, its longest example's times their number; bounds memory."),
        HyperParameter.Integer("accumulation", 1, 1024, "Batches that make one step: larger steps in the same memory."),
        HyperParameter.Choice("schedule", Schedules, "What the learning rate does after the warm-up: stays, or falls to 0 by a line or half a cosine."),
        HyperParameter.Number("warm_up_share", 0, 1, "Share of the steps in which the learning rate rises from 0; spares what was learnt before from first, wild steps."),
        HyperParameter.Number("weight_decay", 0, 0.9, "What a matrix loses of itself per step, times the learning rate; holds large weights back."),
        HyperParameter.Number("max_gradient_norm", 0, 1e6, "A longer gradient is shortened to this; 0 for none."),
        HyperParameter.Integer("validate_every_steps", 0, int.MaxValue, "Steps from one validation to the next; 0: at the end of every epoch."),
        HyperParameter.Integer("patience", 0, 1000, "Validations in a row without a better score that end training; 0: trains to the end."),
        HyperParameter.Integer("checkpoint_every_steps", 0, int.MaxValue, "Steps from one checkpoint to the next; what a killed worker does again at most. 0: only the best and at a pause."),
    ];

    /// <param name="values">Of a trainer that has <see cref="All"/>.</param>
    /// <param name="auto">What the trainer chooses for this data and model where the job leaves it open.</param>
    public static TrainingSettings Settings(HyperParameterValues values, TrainingSettings auto) => auto with
    {
        Epochs = values.Integer("epochs", auto.Epochs),
        LearningRate = values.Number("learning_rate", auto.LearningRate),
        BatchExamples = values.Integer("batch_size", auto.BatchExamples),
        BatchTokens = values.Integer("batch_tokens", auto.BatchTokens),
        AccumulationBatches = values.Integer("accumulation", auto.AccumulationBatches),
        Decay = (LearningRateDecay)Array.IndexOf(Schedules, values.Choice("schedule", Schedules[(int)auto.Decay])),
        WarmUpShare = values.Number("warm_up_share", auto.WarmUpShare),
        WeightDecay = values.Number("weight_decay", auto.WeightDecay),
        MaxGradientNorm = values.Number("max_gradient_norm", auto.MaxGradientNorm),
        ValidateEverySteps = values.Integer("validate_every_steps", auto.ValidateEverySteps),
        Patience = values.Integer("patience", auto.Patience),
        CheckpointEverySteps = values.Integer("checkpoint_every_steps", auto.CheckpointEverySteps),
    };
}
