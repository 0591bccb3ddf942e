using RagPlatform.FineTuneJobs.Datasets;
using RagPlatform.FineTuneJobs.Estimates;
using RagPlatform.FineTuneJobs.Features.CreateJob;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Specialist;
using RagPlatform.FineTuning.Specialist.Schemas;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuneJobs.Features.ValidateDataset;

/// <summary>What a job would find in its files, and what it would take. Nothing is kept.</summary>
public sealed class ValidateDatasetHandler(SpecRules rules, DatasetInspector inspector, JobEstimator estimator, IEnumerable<IJobRunner> runners)
{
    private const int DefaultFindings = 200;
    private const int MaxFindings = 10_000;

    public async Task<DatasetVerdict> ValidateAsync(string tenant, DatasetUse use, int maxFindings, CancellationToken cancellationToken)
    {
        if (maxFindings is < 0 or > MaxFindings)
        {
            throw FineTuneJobsErrors.Invalid("max_findings", $"{maxFindings} is outside 1 to {MaxFindings}.", $"Leave it out for {DefaultFindings}.");
        }

        var complete = rules.Complete(tenant, use);
        var kept = maxFindings == 0 ? DefaultFindings : maxFindings;
        var report = await inspector.InspectAsync(tenant, complete, kept, cancellationToken);
        var spec = new JobSpec { Data = complete, Method = complete.Method, BaseModel = complete.BaseModel };
        var schema = complete.Method is TrainingMethod.Specialist && report.Set is { } set ? SchemaInference.Infer(SpecialistExample.FromAll(set.Training)) : null;
        return new DatasetVerdict(report, kept, estimator.Estimate(spec, HyperParameters(spec), report.Statistics), schema);
    }

    /// <summary>The estimate, and the hyper-parameters as far as they are known before: "auto" where only the trainer will know.</summary>
    public async Task<(JobEstimate Estimate, IReadOnlyDictionary<string, string> HyperParameters)> EstimateAsync(string tenant, JobSpec spec, CancellationToken cancellationToken)
    {
        var complete = rules.Complete(tenant, spec);
        var report = await inspector.InspectAsync(tenant, complete.Data, maxFindingsPerCode: 1, cancellationToken);
        var parameters = HyperParameters(complete);
        return (estimator.Estimate(complete, parameters, report.Statistics), parameters);
    }

    private Dictionary<string, string> HyperParameters(JobSpec spec)
    {
        var known = runners.FirstOrDefault(runner => runner.Offers(spec.Method))?.HyperParameters(spec.Method) ?? [];
        var parameters = known.ToDictionary(parameter => parameter.Name, parameter => Value(spec, parameter), StringComparer.Ordinal);
        foreach (var (name, value) in spec.HyperParameters)
        {
            parameters.TryAdd(name, value);
        }

        return parameters;
    }

    private static string Value(JobSpec spec, HyperParameter parameter) => spec.HyperParameters.GetValueOrDefault(parameter.Name) is { Length: > 0 } given and not HyperParameter.Auto ? given : parameter.Default;
}

/// <param name="MaxFindings">To be shown; counts are of all.</param>
/// <param name="Schema">What a specialist would learn; null for other methods, and where the data has an error.</param>
public sealed record DatasetVerdict(DatasetReport Report, int MaxFindings, JobEstimate Estimate, InferredSchema? Schema);
