using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Loop;
using RagPlatform.Transformers;

namespace RagPlatform.FineTuning.Trainers;

/// <summary>One built-in method of fine-tuning, from examples to an adapter's files with their judgement.</summary>
public interface ITrainer
{
    /// <summary>Such as specialist.</summary>
    string Method { get; }

    /// <summary>Every hyper-parameter that it knows, with default, range and effect.</summary>
    IReadOnlyList<HyperParameter> HyperParameters { get; }

    /// <summary>Trains, or goes on from the latest checkpoint, judges the best state on the test part, and writes the adapter.</summary>
    /// <exception cref="TrainingException">The data or the model cannot be used; the message says why and what to do.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the last checkpoint stays.</exception>
    TrainingOutcome Train(TrainingRun run, CancellationToken cancellationToken);
}

/// <summary>What a trainer is given.</summary>
/// <param name="BaseModel">Its files.</param>
/// <param name="BaseModelName">For messages, and for what the files do not say.</param>
/// <param name="Data">Validated and split.</param>
/// <param name="HyperParameters">By name, "auto" or left out where the trainer chooses.</param>
/// <param name="Seed">Of everything that is random.</param>
/// <param name="Threads">That compute; at least 1. The result does not depend on how fast they are.</param>
public sealed record TrainingRun(
    IModelFiles BaseModel, string BaseModelName, TrainingSet Data, IReadOnlyDictionary<string, string> HyperParameters, ulong Seed, int Threads)
{
    public required ICheckpointStore Checkpoints { get; init; }

    public required ITrainingObserver Observer { get; init; }

    /// <summary>Passages of the collection that the model is to search, for methods that learn to search; empty where there is none.</summary>
    public IReadOnlyList<string> Corpus { get; init; } = [];

    /// <summary>Where the adapter's files go: opens a new file of that name.</summary>
    public required Func<string, Stream> CreateFile { get; init; }
}

/// <param name="IsPaused">It ended at an observer's wish, with a checkpoint; nothing else is there.</param>
/// <param name="HyperParameters">As they were used.</param>
/// <param name="Rows">On the test part: "adapter", "base" and the baselines, each with metrics by name.</param>
public sealed record TrainingOutcome(
    bool IsPaused, IReadOnlyDictionary<string, string> HyperParameters, IReadOnlyList<EvaluationRow> Rows);

/// <param name="System">"adapter", "base", "majority", "nearest neighbour", "linear probe".</param>
/// <param name="Metrics">By name: accuracy, macro_f1, slot_f1, exact_match, schema_validity, ece, oos_auroc, perplexity, refusal_kept, ndcg_at_10, latency_p50_ms.</param>
public sealed record EvaluationRow(string System, IReadOnlyDictionary<string, double> Metrics);
