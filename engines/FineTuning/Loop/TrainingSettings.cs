using System.Globalization;
using System.Runtime.CompilerServices;
using RagPlatform.Transformers.Training;

namespace RagPlatform.FineTuning.Loop;

/// <summary>How long, how fast and how carefully is trained; the same for every method.</summary>
public sealed record TrainingSettings
{
    /// <summary>Times that every example is seen; at least 1.</summary>
    public required int Epochs { get; init; }

    /// <summary>The highest, after the warm-up; above 0.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Examples of one batch at most; at least 1.</summary>
    public required int BatchExamples { get; init; }

    /// <summary>Tokens of one batch at most, its longest example's times their number; an example that is longer alone has a batch of its own. At least 1.</summary>
    public int BatchTokens { get; init; } = 8192;

    /// <summary>Batches whose gradients make one step; at least 1.</summary>
    public int AccumulationBatches { get; init; } = 1;

    public LearningRateDecay Decay { get; init; } = LearningRateDecay.Linear;

    /// <summary>Share of the steps in which the rate rises from 0; 0 to 1.</summary>
    public double WarmUpShare { get; init; } = 0.1;

    /// <summary>Share of itself that a matrix loses per step, times the rate; 0 or more.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>The gradient is scaled down to this L2 norm; 0: never.</summary>
    public double MaxGradientNorm { get; init; } = 1;

    /// <summary>Of AdamW's mean of gradients; at least 0, below 1.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Of AdamW's mean of squared gradients; at least 0, below 1.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Of AdamW's denominator; above 0.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Steps from one validation to the next; 0: at the end of every epoch. The last step is always followed by one.</summary>
    public int ValidateEverySteps { get; init; }

    /// <summary>Validations in a row without a better score that end training; 0: trains to the end.</summary>
    public int Patience { get; init; }

    /// <summary>Steps from one checkpoint to the next, which are what a killed run does again at most; 0: only the best and at a pause.</summary>
    public int CheckpointEverySteps { get; init; } = 200;

    /// <summary>Of the optimizer; the result is the same for any number. At least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>What is out of its range, with the range; null when nothing is.</summary>
    internal string? Problem() =>
        Unless(Epochs >= 1, Epochs, "at least 1")
        ?? Unless(LearningRate > 0 && double.IsFinite(LearningRate), LearningRate, "above 0")
        ?? Unless(BatchExamples >= 1, BatchExamples, "at least 1")
        ?? Unless(BatchTokens >= 1, BatchTokens, "at least 1")
        ?? Unless(AccumulationBatches >= 1, AccumulationBatches, "at least 1")
        ?? Unless(WarmUpShare is >= 0 and <= 1, WarmUpShare, "from 0 to 1")
        ?? Unless(WeightDecay >= 0 && LearningRate * WeightDecay < 1, WeightDecay, "from 0 to below 1 / LearningRate")
        ?? Unless(MaxGradientNorm >= 0 && double.IsFinite(MaxGradientNorm), MaxGradientNorm, "at least 0")
        ?? Unless(Beta1 is >= 0 and < 1, Beta1, "from 0 to below 1")
        ?? Unless(Beta2 is >= 0 and < 1, Beta2, "from 0 to below 1")
        ?? Unless(Epsilon > 0 && double.IsFinite(Epsilon), Epsilon, "above 0")
        ?? Unless(ValidateEverySteps >= 0, ValidateEverySteps, "at least 0")
        ?? Unless(Patience >= 0, Patience, "at least 0")
        ?? Unless(CheckpointEverySteps >= 0, CheckpointEverySteps, "at least 0")
        ?? Unless(Threads >= 1, Threads, "at least 1");

    private static string? Unless(bool isInRange, double value, string range, [CallerArgumentExpression(nameof(value))] string name = "") =>
        isInRange ? null : string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it must be {range}.");
}
