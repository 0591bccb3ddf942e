using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using RagPlatform.Contracts;
using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Datasets;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuneJobs.Serving;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers;

namespace RagPlatform.FineTuneJobs.Features.CreateJob;

/// <summary>Checks what a caller wants trained, and completes what he left out, so that a stored job says everything.</summary>
public sealed partial class SpecRules(DatasetStore datasets, BaseModels models, IEnumerable<IJobRunner> runners, AdapterCatalog adapters, IOptions<FineTuneJobsOptions> options)
{
    private const int MaxPriority = 100;
    private const int MaxMetadata = 16;
    private const int MaxMetadataCharacters = 512;
    private const int MaxHyperParameters = 200;
    private const int MaxHyperParameterCharacters = 1000;
    private const int MaxModelCharacters = 200;

    /// <exception cref="Grpc.Errors.ServiceException">Names the field, the value, the limit and the remedy.</exception>
    public JobSpec Complete(string tenant, JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var training = CheckData(tenant, spec.Data, "spec.data");
        var method = Method(tenant, spec.Method is TrainingMethod.Unspecified ? spec.Data.Method : spec.Method, spec, training);
        var complete = spec with { Method = method, BaseModel = Model(tenant, method, spec), Project = spec.Project.Length > 0 ? spec.Project : "default" };
        CheckWords(complete);
        CheckHyperParameters(complete);
        return complete with { Data = complete.Data with { Method = method, BaseModel = complete.BaseModel } };
    }

    /// <summary>Of files that are only looked at: the method and the model that a job would have.</summary>
    public DatasetUse Complete(string tenant, DatasetUse use)
    {
        ArgumentNullException.ThrowIfNull(use);
        var training = CheckData(tenant, use, "use");
        var spec = new JobSpec { Data = use, Method = use.Method, BaseModel = use.BaseModel };
        var method = Method(tenant, use.Method, spec, training);
        return use with { Method = method, BaseModel = Model(tenant, method, spec) };
    }

    private Dataset CheckData(string tenant, DatasetUse data, string field)
    {
        if (data.Training.Length == 0)
        {
            throw FineTuneJobsErrors.Invalid($"{field}.training_dataset", "it is empty.", "Give the id of an uploaded dataset.");
        }

        var found = data.Files().Select(file => datasets.Find(tenant, file.Id) ?? throw FineTuneJobsErrors.DatasetNotFound($"{field}.{file.Field}", file.Id)).ToList();
        if (found.DistinctBy(dataset => dataset.Id).Count() < found.Count)
        {
            throw FineTuneJobsErrors.Invalid(field, "the same dataset is named twice.", "Leave validation and test out to split the training file.");
        }

        CheckShare($"{field}.split.validation_share", data.Split.ValidationShare);
        CheckShare($"{field}.split.test_share", data.Split.TestShare);
        return GroupExpression.IsMatch(data.Split.GroupField) ? found[0] : throw FineTuneJobsErrors.Invalid($"{field}.split.group_field", "it is no name of a field.", "Use 1 to 64 of A-Z, a-z, 0-9, '_' and '-'.");
    }

    private static void CheckShare(string field, double share)
    {
        if (share is not (>= 0 and <= 0.5))
        {
            throw FineTuneJobsErrors.Invalid(field, $"{share} is outside 0 to 0.5.", "Leave it out for 0.1.");
        }
    }

    private TrainingMethod Method(string tenant, TrainingMethod given, JobSpec spec, Dataset training)
    {
        var method = given is not TrainingMethod.Unspecified ? given
            : spec.Command.Length > 0 ? TrainingMethod.Command
            : training.Format is FileFormat.Pairs ? TrainingMethod.Retriever
            : spec.BaseModel.Length > 0 && Find(tenant, spec.BaseModel) is { } folder && IsDecoder(folder) ? TrainingMethod.Decoder
            : TrainingMethod.Specialist;
        return runners.Any(runner => runner.Offers(method)) ? method : throw FineTuneJobsErrors.MethodNotOffered(method.Name());
    }

    private string Model(string tenant, TrainingMethod method, JobSpec spec)
    {
        var given = spec.BaseModel.Length > 0 ? spec.BaseModel : spec.Data.BaseModel;
        if (given.Length > MaxModelCharacters || given.Any(char.IsControl))
        {
            throw FineTuneJobsErrors.Invalid("spec.base_model", $"it has {given.Length} characters, or a control character; at most {MaxModelCharacters} without any are allowed.", "Name a model.");
        }

        var model = given.Length == 0 && method.UsesEncoder() ? options.Value.EncoderModel : given;
        if (method is TrainingMethod.OpenAI or TrainingMethod.Command)
        {
            return model;
        }

        if (model.Length == 0)
        {
            throw FineTuneJobsErrors.Invalid("spec.base_model", "it is empty; a decoder has no default.", "Name a folder in FineTuneJobs:ModelsDirectory, such as one that rag models pull made.");
        }

        return Find(tenant, model) is not null ? model : throw FineTuneJobsErrors.ModelNotFound("spec.base_model", model);
    }

    /// <summary>Null when there is none, or it was published of another tenant's adapter.</summary>
    private BaseModelFolder? Find(string tenant, string name) =>
        models.Find(name) is { } folder && (PublishedModels.OwnerOf(folder.Path) is not { } adapter || adapters.Has(tenant, adapter)) ? folder : null;

    private static bool IsDecoder(BaseModelFolder folder)
    {
        try
        {
            return ModelDescription.Read(folder).Kind is ModelKind.Decoder;
        }
        catch (InvalidDataException)
        {
            // The trainer says what is wrong with it.
            return false;
        }
    }

    private void CheckWords(JobSpec spec)
    {
        if (spec.Priority is < -MaxPriority or > MaxPriority)
        {
            throw FineTuneJobsErrors.Invalid("spec.priority", $"{spec.Priority} is outside -{MaxPriority} to {MaxPriority}.", "Leave it out for 0.");
        }

        Check("spec.suffix", spec.Suffix, SuffixExpression, "[a-z0-9-]{0,40}");
        Check("spec.project", spec.Project, ProjectExpression, "[a-z0-9][a-z0-9-]{0,62}");
        if (spec.Collection.Length > 0 && !Names.IsCollection(spec.Collection))
        {
            throw FineTuneJobsErrors.Invalid("spec.collection", $"'{FineTuneJobsErrors.Shorten(spec.Collection)}' is no collection's name.", $"Use {Names.NamePattern}.");
        }

        if (spec.Metadata.Count > MaxMetadata || spec.Metadata.Any(entry => entry.Key.Length + entry.Value.Length > MaxMetadataCharacters))
        {
            throw FineTuneJobsErrors.Invalid("spec.metadata", $"it has {spec.Metadata.Count} entries, or one of more than {MaxMetadataCharacters} characters; {MaxMetadata} of {MaxMetadataCharacters} are allowed.", "Leave some out.");
        }

        if (spec.Method is TrainingMethod.Command ? !options.Value.Commands.ContainsKey(spec.Command) : spec.Command.Length > 0)
        {
            throw spec.Method is TrainingMethod.Command
                ? FineTuneJobsErrors.CommandNotFound(spec.Command, options.Value.Commands.Keys)
                : FineTuneJobsErrors.Invalid("spec.command", $"the method {spec.Method.Name()} has no command.", "Leave it out, or take the method command.");
        }
    }

    private void CheckHyperParameters(JobSpec spec)
    {
        if (spec.HyperParameters.Count > MaxHyperParameters)
        {
            throw FineTuneJobsErrors.Invalid("spec.hyper_parameters", $"there are {spec.HyperParameters.Count}; the limit is {MaxHyperParameters}.", "Leave some out.");
        }

        var known = runners.First(runner => runner.Offers(spec.Method)).HyperParameters(spec.Method);
        foreach (var (name, value) in spec.HyperParameters)
        {
            var field = $"spec.hyper_parameters[{FineTuneJobsErrors.Shorten(name)}]";
            if (name.Length > MaxHyperParameterCharacters || value.Length > MaxHyperParameterCharacters)
            {
                throw FineTuneJobsErrors.Invalid(field, $"it has more than {MaxHyperParameterCharacters} characters.", "Shorten it.");
            }

            if (known is not null)
            {
                CheckKnown(field, known.FirstOrDefault(parameter => parameter.Name == name), value, known);
            }
        }
    }

    private static void CheckKnown(string field, HyperParameter? parameter, string value, IReadOnlyList<HyperParameter> known)
    {
        if (parameter is null)
        {
            throw FineTuneJobsErrors.Invalid(field, $"the method has no such hyper-parameter; it has: {string.Join(", ", known.Select(one => one.Name))}.", "Leave it out, or use one of these.");
        }

        if (value is not ("" or "auto") && parameter.Check(value) is { } problem)
        {
            throw FineTuneJobsErrors.Invalid(field, $"'{FineTuneJobsErrors.Shorten(value)}': it {problem}.", $"Use {parameter.Range}, or auto.");
        }
    }

    private static void Check(string field, string value, Regex pattern, string rule)
    {
        if (!pattern.IsMatch(value))
        {
            throw FineTuneJobsErrors.Invalid(field, $"'{FineTuneJobsErrors.Shorten(value)}' is not allowed.", $"Use {rule}.");
        }
    }

    [GeneratedRegex(@"\A[a-z0-9-]{0,40}\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SuffixExpression { get; }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,62}\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ProjectExpression { get; }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex GroupExpression { get; }
}
