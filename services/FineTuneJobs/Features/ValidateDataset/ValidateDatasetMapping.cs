using RagPlatform.FineTuneJobs.Estimates;
using RagPlatform.FineTuning.Datasets.Findings;
using RagPlatform.Protos.FineTune.V1;
using Learnt = RagPlatform.FineTuning.Specialist.Schemas;

namespace RagPlatform.FineTuneJobs.Features.ValidateDataset;

internal static class ValidateDatasetMapping
{
    private const int MaxValues = 1000;

    public static ValidateDatasetResponse ToResponse(this DatasetVerdict verdict)
    {
        var (findings, statistics) = (verdict.Report.Findings, verdict.Report.Statistics);
        return new ValidateDatasetResponse
        {
            Findings = { findings.Kept().Take(verdict.MaxFindings).Select(ToProto) },
            Errors = findings.Errors,
            Warnings = findings.Warnings,
            Statistics = new DatasetStatistics
            {
                Examples = statistics.Examples,
                TrainingExamples = statistics.TrainingExamples,
                ValidationExamples = statistics.ValidationExamples,
                TestExamples = statistics.TestExamples,
                Tokens = statistics.Tokens,
                TrainedTokens = statistics.TrainedTokens,
                TokensMedian = statistics.TokensMedian,
                TokensP95 = statistics.TokensP95,
                TokensMax = statistics.TokensMax,
                Duplicates = statistics.Duplicates,
                NearDuplicates = statistics.NearDuplicates,
                Labels = { statistics.Labels.Select(label => new LabelCount { Field = statistics.LabelPath ?? "", Label = label.Label, Examples = label.Examples }) },
            },
            Schema = verdict.Schema?.ToProto(),
            Estimate = verdict.Estimate.ToProto(),
        };
    }

    private static InferredSchema ToProto(this Learnt.InferredSchema schema) => new()
    {
        Fields =
        {
            schema.Fields.Select(field => new InferredField { Name = field.Name, Kind = field.Kind, Values = { field.Values.Take(MaxValues) }, Optional = field.IsOptional }),
        },
        NotLearnable = { schema.NotLearnable },
        JsonSchema = schema.JsonSchema,
    };

    public static EstimateJobResponse ToResponse(this (JobEstimate Estimate, IReadOnlyDictionary<string, string> HyperParameters) estimated) =>
        new() { Estimate = estimated.Estimate.ToProto(), HyperParameters = { estimated.HyperParameters.ToDictionary() } };

    private static Estimate ToProto(this JobEstimate estimate) => new()
    {
        Minutes = estimate.Minutes,
        Tokens = estimate.Tokens,
        MemoryMebibytes = estimate.MemoryMebibytes,
        EnergyWattHours = estimate.EnergyWattHours,
        Cost = estimate.Cost,
        Currency = estimate.Currency,
        Basis = estimate.Basis,
    };

    private static DatasetFinding ToProto(Finding finding) => new()
    {
        Severity = finding.Severity is FindingSeverity.Error ? DatasetFinding.Types.Severity.Error : DatasetFinding.Types.Severity.Warning,
        Code = finding.Code.Name,
        File = finding.File,
        Line = finding.Line,
        Field = finding.Field,
        Problem = finding.Problem,
        Remedy = finding.Remedy,
    };
}
