namespace RagPlatform.FineTuning.Datasets;

/// <summary>A job's examples after the split: what is learnt, what stops training, and what judges the result and is never looked at before.</summary>
public sealed record TrainingSet(IReadOnlyList<TrainingExample> Training, IReadOnlyList<TrainingExample> Validation, IReadOnlyList<TrainingExample> Test);
