using System.Collections.ObjectModel;
using RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.FineTuneJobs.Features.CreateJob;

internal static class JobSpecMapping
{
    private const double DefaultShare = 0.1;

    public static Jobs.JobSpec ToSpec(this JobSpec? spec) => spec is null
        ? throw FineTuneJobsErrors.Invalid("spec", "it is missing.", "Say what to train.")
        : new Jobs.JobSpec
        {
            Method = spec.Method.ToMethod("spec.method"),
            BaseModel = spec.BaseModel,
            Data = spec.Data.ToUse("spec.data"),
            HyperParameters = Sorted(spec.HyperParameters),
            Seed = spec.Seed,
            Suffix = spec.Suffix,
            Priority = spec.Priority,
            Metadata = Sorted(spec.Metadata),
            Project = spec.Project.Length > 0 ? spec.Project : "default",
            Collection = spec.Collection,
            Command = spec.Command,
        };

    public static Jobs.DatasetUse ToUse(this DatasetUse? use, string field) => use is null
        ? throw FineTuneJobsErrors.Invalid(field, "it is missing.", "Name the datasets.")
        : new Jobs.DatasetUse
        {
            Training = use.TrainingDataset,
            Validation = use.ValidationDataset,
            Test = use.TestDataset,
            Split = use.Split is not { } split
                ? new Jobs.DatasetSplit()
                : new Jobs.DatasetSplit(
                    split.HasValidationShare ? split.ValidationShare : DefaultShare, split.HasTestShare ? split.TestShare : DefaultShare, split.Seed, split.Stratify,
                    split.GroupField.Length > 0 ? split.GroupField : "group"),
            Method = use.Method.ToMethod($"{field}.method"),
            BaseModel = use.BaseModel,
        };

    public static JobSpec ToProto(this Jobs.JobSpec spec) => new()
    {
        Method = (TrainingMethod)spec.Method,
        BaseModel = spec.BaseModel,
        Data = new DatasetUse
        {
            TrainingDataset = spec.Data.Training,
            ValidationDataset = spec.Data.Validation,
            TestDataset = spec.Data.Test,
            Split = new DatasetSplit
            {
                ValidationShare = spec.Data.Split.ValidationShare,
                TestShare = spec.Data.Split.TestShare,
                Seed = spec.Data.Split.Seed,
                Stratify = spec.Data.Split.Stratify,
                GroupField = spec.Data.Split.GroupField,
            },
            Method = (TrainingMethod)spec.Data.Method,
            BaseModel = spec.Data.BaseModel,
        },
        HyperParameters = { spec.HyperParameters.ToDictionary() },
        Seed = spec.Seed,
        Suffix = spec.Suffix,
        Priority = spec.Priority,
        Metadata = { spec.Metadata.ToDictionary() },
        Project = spec.Project,
        Collection = spec.Collection,
        Command = spec.Command,
    };

    private static Jobs.TrainingMethod ToMethod(this TrainingMethod method, string field) =>
        Enum.IsDefined((Jobs.TrainingMethod)method) ? (Jobs.TrainingMethod)method : throw FineTuneJobsErrors.Invalid(field, $"{(int)method} is no method.", "Leave it out, or name one.");

    /// <summary>By name, so that equal requests are stored equally.</summary>
    private static ReadOnlyDictionary<string, string> Sorted(IEnumerable<KeyValuePair<string, string>> entries) =>
        new SortedDictionary<string, string>(entries.ToDictionary(), StringComparer.Ordinal).AsReadOnly();
}
