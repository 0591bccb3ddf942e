namespace RagPlatform.FineTuning.Datasets;

/// <summary>A dataset in figures.</summary>
/// <param name="Examples">Of all files.</param>
/// <param name="TrainingExamples">After the split; all of the training file where it could not be split.</param>
/// <param name="ValidationExamples">After the split.</param>
/// <param name="TestExamples">After the split.</param>
/// <param name="Tokens">Of the training part in one epoch.</param>
/// <param name="TrainedTokens">Of them those that carry loss.</param>
/// <param name="TokensMedian">Of an example of the training part.</param>
/// <param name="TokensP95">Of an example of the training part: 95 of 100 have at most so many.</param>
/// <param name="TokensMax">Of an example of the training part.</param>
/// <param name="Duplicates">Of the training file: examples equal to an earlier one.</param>
/// <param name="NearDuplicates">Of the training file: examples whose input is nearly an earlier one's.</param>
/// <param name="LabelPath">As in <see cref="Labels.LabelField"/>; null where there is no closed set.</param>
/// <param name="Labels">The 200 most frequent of the training file.</param>
public sealed record DatasetStatistics(
    long Examples, long TrainingExamples, long ValidationExamples, long TestExamples,
    long Tokens, long TrainedTokens, int TokensMedian, int TokensP95, int TokensMax,
    long Duplicates, long NearDuplicates, string? LabelPath, IReadOnlyList<LabelCount> Labels);

/// <param name="Label">As it stands in the data.</param>
/// <param name="Examples">That have it.</param>
public sealed record LabelCount(string Label, int Examples);

/// <summary>Inputs of held-out files that are in another file too.</summary>
/// <param name="ValidationEqual">Examples of the validation file whose input is in the training file, but for case and punctuation.</param>
/// <param name="ValidationNear">Examples of the validation file whose input is nearly one of the training file.</param>
/// <param name="TestEqual">Examples of the test file whose input is in the training or validation file.</param>
/// <param name="TestNear">Examples of the test file whose input is nearly one of the training or validation file.</param>
public sealed record LeakageCounts(int ValidationEqual, int ValidationNear, int TestEqual, int TestNear);
