using RagPlatform.FineTuneJobs.Datasets;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuneJobs.Adapters;

/// <summary>Reads the files of jobs from the store of datasets, and looks for leakage between their parts, however these came about.</summary>
internal sealed class JobExamplesReader(DatasetStore datasets)
{
    /// <inheritdoc cref="ReadJobExamples"/>
    public JobExamples Read(Job job, CancellationToken cancellationToken)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, _, id) in job.Spec.Data.Files())
        {
            paths[file] = datasets.Find(job.Tenant, id) is { } dataset ? datasets.PathOf(job.Tenant, dataset) : throw new FileNotFoundException($"The dataset {id} is gone.");
        }

        var parts = JobData.Read(paths, job.Spec.Data.Split, cancellationToken);
        return new JobExamples(parts, CountLeaked(parts, cancellationToken));
    }

    private static int CountLeaked(TrainingSet parts, CancellationToken cancellationToken)
    {
        if (parts.Test.Count == 0)
        {
            return 0;
        }

        var inspection = new DatasetInspection { Rules = MethodRules.Command, Split = new(), MaxTokens = int.MaxValue, CountTokens = _ => 0 };
        var leakage = inspection.Inspect(
            Part("training", parts.Training), parts.Validation.Count > 0 ? Part("validation", parts.Validation) : null, Part("test", parts.Test), cancellationToken).Leakage;
        return leakage.TestEqual + leakage.TestNear;

        TrainingFileContent Part(string name, IReadOnlyList<TrainingExample> examples) => new(
            name, examples is [PairExample, ..] ? DatasetFormat.Pairs : DatasetFormat.Chat, 0, examples.Count, examples, new FindingLog());
    }
}
