using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Datasets.Findings;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.FineTuneJobs.Datasets;

/// <summary>Whether a job may train on its files.</summary>
public sealed class JobValidation(DatasetInspector inspector)
{
    private const int MaxEvents = 20;

    public async Task<ValidationVerdict> JudgeAsync(Job job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        try
        {
            var report = await inspector.InspectAsync(job.Tenant, job.Spec.Data, FindingLog.DefaultMaxPerCode, cancellationToken);
            var findings = report.Findings.Kept();
            var events = findings.Take(MaxEvents).Select(finding => (finding.Severity is FindingSeverity.Error ? "error" : "warn", Describe(finding))).ToList();
            return new ValidationVerdict(Failure(report.Findings, findings, report.Set?.Training.Count ?? 0), events);
        }
        catch (ServiceException exception) when (exception.Kind is not FailureKind.Unavailable)
        {
            return new ValidationVerdict(new JobFailure(exception.Code, exception.Message, exception.Remedy ?? ""), []);
        }
    }

    private static JobFailure? Failure(FindingLog log, IReadOnlyList<Finding> findings, int trainingExamples) =>
        log.Errors > 0 ? JobFailures.DatasetInvalid(log.Errors, Describe(findings.First(finding => finding.Severity is FindingSeverity.Error)))
        : trainingExamples == 0 ? JobFailures.NothingToTrain("After the split no example is left to train on.")
        : null;

    private static string Describe(Finding finding) =>
        $"{finding.File}{(finding.Line > 0 ? $", line {finding.Line}" : "")}{(finding.Field.Length > 0 ? $", {finding.Field}" : "")}: {finding.Problem} {finding.Remedy} ({finding.Code})";
}
