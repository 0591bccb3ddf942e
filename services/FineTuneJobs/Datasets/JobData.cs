using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuneJobs.Datasets;

/// <summary>What a job's files hold, after the split.</summary>
/// <param name="Parts">Training, validation and test examples.</param>
/// <param name="Findings">Of all files.</param>
/// <param name="Files">As they were read: training, and validation and test where they are given.</param>
public sealed record JobData(TrainingSet Parts, FindingLog Findings, IReadOnlyList<TrainingFileContent> Files)
{
    /// <summary>The same files and settings give the same parts, in every process.</summary>
    /// <param name="paths">By file: training, and validation and test where they are given.</param>
    /// <param name="split">Of the training file, for what is not given.</param>
    /// <param name="cancellationToken">Looked at every few lines.</param>
    public static JobData Read(IReadOnlyDictionary<string, string> paths, DatasetSplit split, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(split);
        var limits = new TrainingFileLimits { MaxBytes = long.MaxValue, GroupField = split.GroupField };
        var findings = new FindingLog();
        var files = new List<TrainingFileContent>();
        foreach (var name in new[] { "training", "validation", "test" }.Where(paths.ContainsKey))
        {
            using var stream = new FileStream(paths[name], FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1, FileOptions.SequentialScan);
            var content = TrainingFile.Read(stream, name, limits, cancellationToken);
            findings.AddAll(content.Findings);
            files.Add(content);
        }

        IReadOnlyList<TrainingExample> Of(string name) => files.Find(file => file.Name == name)?.Examples ?? [];
        var (training, validation, test) = SeededSplit.Split(Of("training"), paths.ContainsKey("validation") ? 0 : split.ValidationShare, paths.ContainsKey("test") ? 0 : split.TestShare, split.Seed);
        return new JobData(
            new TrainingSet(training, paths.ContainsKey("validation") ? Of("validation") : validation, paths.ContainsKey("test") ? Of("test") : test), findings, files);
    }
}
