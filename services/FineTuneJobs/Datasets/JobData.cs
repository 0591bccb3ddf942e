using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Datasets.Splitting;

namespace RagPlatform.FineTuneJobs.Datasets;

/// <summary>What a job's files hold, after the split: the same files and settings give the same parts, in every process.</summary>
public static class JobData
{
    public const string Training = "training";
    public const string Validation = "validation";
    public const string Test = "test";

    /// <param name="path">Of a file of JSON Lines.</param>
    /// <param name="name">Training, validation or test.</param>
    /// <param name="split">Says which field is the group.</param>
    /// <param name="cancellationToken">Looked at every few lines.</param>
    public static TrainingFileContent ReadFile(string path, string name, DatasetSplit split, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(split);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1, FileOptions.SequentialScan);
        return TrainingFile.Read(stream, name, new TrainingFileLimits { MaxBytes = long.MaxValue, GroupField = split.GroupField }, cancellationToken);
    }

    /// <param name="paths">By file: training, and validation and test where they are given.</param>
    /// <param name="split">Of the training file, for what is not given.</param>
    /// <param name="cancellationToken">Looked at every few lines.</param>
    /// <exception cref="FineTuning.Trainers.TrainingException">It cannot be split.</exception>
    public static TrainingSet Read(IReadOnlyDictionary<string, string> paths, DatasetSplit split, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(split);
        var (validation, test) = (Find(Validation), Find(Test));
        var settings = split.ToSettings() with
        {
            ValidationShare = validation is null ? split.ValidationShare : 0,
            TestShare = test is null ? split.TestShare : 0,
        };
        var parts = DatasetSplitter.Split(ReadFile(paths[Training], Training, split, cancellationToken).Examples, settings, cancellationToken);
        return new TrainingSet(parts.Training, validation?.Examples ?? parts.Validation, test?.Examples ?? parts.Test);

        TrainingFileContent? Find(string name) => paths.TryGetValue(name, out var path) ? ReadFile(path, name, split, cancellationToken) : null;
    }

    public static SplitSettings ToSettings(this DatasetSplit split)
    {
        ArgumentNullException.ThrowIfNull(split);
        return new SplitSettings(split.ValidationShare, split.TestShare, split.Seed, split.Stratify);
    }
}
