using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Specialist.Schemas;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>
/// Trains an encoder and heads to answer texts with JSON. What the output is made of is inferred from the training part's answers
/// (<see cref="SchemaInference"/>); whatever the heads say, the output obeys the inferred schema.
/// </summary>
public sealed class SpecialistTrainer : ITrainer
{
    /// <summary>Texts that tell how large the encoder's states are.</summary>
    private const int ScaleTexts = 256;

    /// <summary>Between the examples of the most and the least frequent label, from which rare ones weigh more.</summary>
    private const int Imbalance = 10;

    public string Method => "specialist";

    public IReadOnlyList<HyperParameter> HyperParameters => SpecialistSettings.HyperParameters;

    public TrainingOutcome Train(TrainingRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var values = new HyperParameterValues(HyperParameters, run.HyperParameters);
        try
        {
            return Train(run, values, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or FileNotFoundException)
        {
            throw new TrainingException(
                "MODEL_UNSUITABLE", $"The base model {run.BaseModelName} cannot be trained: {exception.Message}",
                "Name a BERT-family encoder in Hugging Face's layout, such as all-MiniLM-L6-v2, or pull it again.");
        }
    }

    private static TrainingOutcome Train(TrainingRun run, HyperParameterValues values, CancellationToken cancellationToken)
    {
        SpecialistExample[][] examples = [SpecialistExample.FromAll(run.Data.Training), SpecialistExample.FromAll(run.Data.Validation), SpecialistExample.FromAll(run.Data.Test)];
        var schema = SchemaInference.Infer(examples[0]);
        var root = schema.Root ?? throw new TrainingException(
            "NOTHING_TO_LEARN", $"Nothing can be learnt of the {examples[0].Length} examples. {string.Join(' ', schema.NotLearnable)}", "Give examples whose answers differ: labels of a set, parts of the text, or JSON of these.");
        Tell(run.Observer, schema);
        HeadSpec[] specs = [.. HeadSpec.For(root)];
        var settings = SpecialistSettings.Read(values, examples[0].Length, IsImbalanced(root, examples[0]), Identity(run, [.. examples[0], .. examples[1]]), run.Seed, run.Threads);
        var encoder = TrainableEncoder.Load(run.BaseModel, run.BaseModelName, settings.Tuning);
        SpecialistPart[] parts = [.. examples.Select(part => SpecialistPart.Of(part, encoder.PrefixOf(TextKind.Passage), encoder.Tokenizer, encoder.MaxTokens, schema.IsPlainText, specs))];
        var heads = new HeadSet(
            specs, [.. specs.Select((spec, head) => new LinearHead(spec.Name, encoder.HiddenSize, spec.Outputs, RandomSeed.Derive(run.Seed, 100 + (ulong)head)))],
            encoder.HiddenSize, FeatureScale(encoder, parts[0], run.Threads, cancellationToken));
        // With the scale, which tells of other weights in the base than those that are trained.
        settings = settings with { Identity = string.Create(CultureInfo.InvariantCulture, $"{settings.Identity} {heads.Scale:R}") };
        var judge = new OutputJudge(root, specs);
        var end = TrainingLoop.Run(
            new SpecialistTask(encoder, heads, parts[0], parts[1], judge, settings), settings.Loop, RandomSeed.Derive(run.Seed, 1), run.Checkpoints, run.Observer, cancellationToken);
        if (end.IsPaused)
        {
            return new TrainingOutcome(true, values.Used, []);
        }

        Array.ForEach([.. heads.Heads], head => head.Repack());
        // Without a validation part that says anything the training part has to tell, which is surer of itself than it should be.
        var told = parts[1].HasAnswers ? parts[1] : parts[0];
        var logits = encoder.Infer([.. told.Inputs.Select(input => input.Encoded)], (text, hidden) => heads.Read(told.Inputs[text], hidden), run.Threads, cancellationToken);
        var temperatures = Calibration.Temperatures(specs, told, logits);
        var (files, bytes) = SpecialistFiles.Write(run, encoder, heads, new SpecialistDescription
        {
            Version = SpecialistDescription.CurrentVersion,
            BaseModel = run.BaseModelName,
            IsAdapter = settings.Tuning.Lora is not null,
            Output = root,
            JsonSchema = schema.JsonSchema,
            FeatureScale = heads.Scale,
            Temperatures = temperatures,
            Confidence = Calibration.Confidence(new OutputComposer(root, specs, temperatures), specs, told, logits),
            OutOfScope = Calibration.OutOfScope(judge.MainHead, told, logits),
        });
        if (parts[2].Count == 0)
        {
            run.Observer.Said("There is no test part: nothing is judged.");
            return new TrainingOutcome(false, values.Used, []);
        }

        var model = SpecialistModel.Load(files, settings.Tuning.Lora is null ? null : TokenEncoder.Load(run.BaseModel, run.BaseModelName));
        return new TrainingOutcome(
            false, values.Used,
            [
                new SpecialistEvaluation(model, examples[2], parts[2], judge, run.Threads).Specialist(bytes, cancellationToken),
                .. SpecialistEvaluation.Baselines(run, judge, specs, [.. examples.Zip(parts)], cancellationToken),
            ]);
    }

    private static void Tell(ITrainingObserver observer, InferredSchema schema)
    {
        foreach (var field in schema.Fields)
        {
            var values = field.Values.Count > 0 ? $" of {field.Values.Count} values" : "";
            observer.Said($"{field.Name} is learnt as {field.Kind}{values}{(field.IsOptional ? ", which may be absent" : "")}.");
        }

        foreach (var sentence in schema.NotLearnable)
        {
            observer.Said($"Not learnt: {sentence}");
        }
    }

    /// <summary>Makes the components of the base's mean vectors about 1.</summary>
    private static float FeatureScale(TrainableEncoder encoder, SpecialistPart part, int threads, CancellationToken cancellationToken)
    {
        var norms = encoder.Infer(
            [.. part.Inputs.Take(ScaleTexts).Select(input => input.Encoded)],
            (_, hidden) => Math.Sqrt(new HeadSet([], [], encoder.HiddenSize, 1).Pool(hidden).Sum(value => (double)value * value)), threads, cancellationToken);
        return (float)(Math.Sqrt(encoder.HiddenSize) / norms.Average());
    }

    private static bool IsImbalanced(OutputNode root, SpecialistExample[] examples) =>
        root is LabelNode or ObjectNode && examples.CountBy(example => example.Output, StringComparer.Ordinal).Select(label => label.Value).ToArray() is var counts
        && counts.Length <= SchemaInference.MaxValues && counts.Max() > Imbalance * counts.Min();

    /// <summary>A checkpoint of other data or another model is refused.</summary>
    private static string Identity(TrainingRun run, SpecialistExample[] examples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var example in examples)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{example.Text.Length} {example.Text}{example.Output.Length} {example.Output}")));
        }

        return $"specialist {run.BaseModelName} {Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
