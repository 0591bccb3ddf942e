using System.CommandLine;
using RagPlatform.Client;
using RagPlatform.CommandLine.Terminal;
using RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.CommandLine.FineTuning;

/// <summary>What validate, estimate and train have in common: the data, how it is split, and the method.</summary>
internal sealed class TrainingOptions
{
    private static readonly Dictionary<string, TrainingMethod> Methods = new(StringComparer.Ordinal)
    {
        ["specialist"] = TrainingMethod.Specialist, ["decoder"] = TrainingMethod.Decoder, ["retriever"] = TrainingMethod.Retriever,
        ["reranker"] = TrainingMethod.Reranker, ["openai"] = TrainingMethod.Openai, ["command"] = TrainingMethod.Command,
    };

    private readonly Argument<string> training = new("data") { Description = "A file of examples (JSON lines), or the id of a dataset." };
    private readonly Option<string?> validation = new("--validation") { Description = "Examples that stop training. [default: a part of the data]", HelpName = "FILE" };
    private readonly Option<string?> test = new("--test") { Description = "Examples that judge the result. [default: a part of the data]", HelpName = "FILE" };
    private readonly Option<double?> validationShare = new("--validation-share") { Description = "Of the data, 0 to 0.5. [default: 0.1]", HelpName = "SHARE" };
    private readonly Option<double?> testShare = new("--test-share") { Description = "Of the data, 0 to 0.5. [default: 0.1]", HelpName = "SHARE" };
    private readonly Option<string?> method = new("--method") { Description = "specialist, decoder, retriever, reranker, openai or command. [default: by the data]", HelpName = "METHOD" };
    private readonly Option<string> model = new("--model") { Description = "The base model. [default: the method's]", HelpName = "MODEL", DefaultValueFactory = _ => "" };
    private readonly Option<ulong> seed = new("--seed") { Description = "Of the split and the training.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<string[]> set = new("--set") { Description = "A hyper-parameter; give it once for each.", HelpName = "NAME=VALUE" };

    public TrainingOptions(Command command)
    {
        method.AcceptOnlyFromAmong([.. Methods.Keys]);
        command.Arguments.Add(training);
        foreach (Option option in (Option[])[validation, test, validationShare, testShare, method, model, seed, set])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Sends the files that are not there yet.</summary>
    public async Task<JobSpec> ReadAsync(ParseResult parsed, Session session, RagClient client, CancellationToken cancellationToken)
    {
        var settings = (parsed.GetValue(set) ?? []).Select(Setting).ToList();
        var chosen = parsed.GetValue(method) is { } given ? Methods[given] : TrainingMethod.Unspecified;
        var use = new DatasetUse
        {
            TrainingDataset = await DatasetUpload.FindAsync(session, client, parsed.GetValue(training), cancellationToken),
            ValidationDataset = await DatasetUpload.FindAsync(session, client, parsed.GetValue(validation), cancellationToken),
            TestDataset = await DatasetUpload.FindAsync(session, client, parsed.GetValue(test), cancellationToken),
            Split = new DatasetSplit { Seed = parsed.GetValue(seed), Stratify = true },
            Method = chosen,
            BaseModel = parsed.GetValue(model)!,
        };
        if (parsed.GetValue(validationShare) is { } forValidation)
        {
            use.Split.ValidationShare = forValidation;
        }

        if (parsed.GetValue(testShare) is { } forTest)
        {
            use.Split.TestShare = forTest;
        }

        var spec = new JobSpec { Method = chosen, BaseModel = use.BaseModel, Data = use, Seed = parsed.GetValue(seed) };
        foreach (var (name, value) in settings)
        {
            spec.HyperParameters[name] = value;
        }

        return spec;
    }

    private static (string Name, string Value) Setting(string pair) =>
        pair.IndexOf('=', StringComparison.Ordinal) is var equals and > 0
            ? (pair[..equals], pair[(equals + 1)..])
            : throw new CommandException($"--set: '{pair}' has no name and value.", "Write --set learning_rate=1e-4.", ExitCode.Usage);

    /// <summary>"specialist".</summary>
    public static string Name(TrainingMethod value) => Methods.FirstOrDefault(pair => pair.Value == value).Key ?? "";
}
