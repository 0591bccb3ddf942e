using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuneJobs.Datasets;

/// <summary>Whether a job may train on its files.</summary>
public sealed class JobValidation(DatasetStore datasets)
{
    private const int MaxEvents = 20;

    public ValidationVerdict Judge(Job job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, _, id) in job.Spec.Data.Files())
        {
            if (datasets.Find(job.Tenant, id) is not { } dataset)
            {
                return new ValidationVerdict(JobFailures.DatasetMissing(id), []);
            }

            paths[file] = datasets.PathOf(job.Tenant, dataset);
        }

        var data = JobData.Read(paths, job.Spec.Data.Split, cancellationToken);
        var findings = data.Findings.Kept();
        var events = findings.Take(MaxEvents).Select(finding => (finding.Severity is FindingSeverity.Error ? "error" : "warn", Describe(finding))).ToList();
        if (data.Findings.Errors > 0)
        {
            return new ValidationVerdict(JobFailures.DatasetInvalid(data.Findings.Errors, Describe(findings.First(finding => finding.Severity is FindingSeverity.Error))), events);
        }

        return new ValidationVerdict(data.Parts.Training.Count == 0 ? JobFailures.NothingToTrain("After the split no example is left to train on.") : null, events);
    }

    private static string Describe(Finding finding) =>
        $"{finding.File}{(finding.Line > 0 ? $", line {finding.Line}" : "")}{(finding.Field.Length > 0 ? $", {finding.Field}" : "")}: {finding.Problem} {finding.Remedy} ({finding.Code})";
}
