using RagPlatform.FineTuning.Specialist.Schemas;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>A trained specialist: texts in, JSON that obeys its schema out, each with how sure it is and how strange the text was. Thread-safe.</summary>
public sealed class SpecialistModel
{
    private readonly TokenEncoder encoder;
    private readonly EncoderAdapter? adapter;
    private readonly SpecialistDescription description;
    private readonly HeadSet heads;
    private readonly OutputComposer composer;
    private readonly int mainHead;

    private SpecialistModel(TokenEncoder encoder, EncoderAdapter? adapter, SpecialistDescription description, HeadSet heads)
    {
        (this.encoder, this.adapter, this.description, this.heads) = (encoder, adapter, description, heads);
        composer = new OutputComposer(description.Output, heads.Specs, description.Temperatures);
        mainHead = new OutputJudge(description.Output, heads.Specs).MainHead;
    }

    /// <summary>Draft 2020-12; every output obeys it.</summary>
    public string JsonSchema => description.JsonSchema;

    /// <summary>The rule that says what is out of scope, for people; empty where nothing does.</summary>
    public string OutOfScopeObjective => description.OutOfScope?.Point.Objective ?? "";

    /// <summary>Whether the specialist in a folder lies over its base model, which several share; else it has an encoder of its own.</summary>
    /// <param name="files">Its folder.</param>
    /// <exception cref="InvalidDataException">Its files are damaged.</exception>
    public static bool NeedsBase(IModelFiles files) => ReadDescription(files).IsAdapter;

    /// <param name="files">That <see cref="SpecialistTrainer"/> wrote.</param>
    /// <param name="baseModel">That it was trained on; null where it has an encoder of its own (<see cref="NeedsBase"/>).</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message names it.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or made for another base.</exception>
    public static SpecialistModel Load(IModelFiles files, TokenEncoder? baseModel)
    {
        ArgumentNullException.ThrowIfNull(files);
        var told = ReadDescription(files);
        if (told.IsAdapter && baseModel is null)
        {
            throw new InvalidDataException($"The specialist lies over {told.BaseModel}, which was not given.");
        }

        var tokens = told.IsAdapter ? baseModel! : TokenEncoder.Load(files, told.BaseModel);
        var beside = told.IsAdapter ? tokens.LoadAdapter(files) : null;
        using var weights = SafetensorsFile.Open(files.Open(SpecialistDescription.HeadsFile), SpecialistDescription.HeadsFile);
        var specs = HeadSpec.For(told.Output);
        if (told.Temperatures.Count != specs.Count)
        {
            throw new InvalidDataException($"{SpecialistDescription.File} has {told.Temperatures.Count} temperatures for {specs.Count} heads.");
        }

        var layers = specs.Select(spec => new LinearHead(
            spec.Name, tokens.HiddenSize, Read(weights, $"{spec.Name}.weight", [spec.Outputs, tokens.HiddenSize]), Read(weights, $"{spec.Name}.bias", [spec.Outputs]))).ToArray();
        return new SpecialistModel(tokens, beside, told, new HeadSet(specs, layers, tokens.HiddenSize, told.FeatureScale));
    }

    /// <param name="texts">Any number; what is longer than the encoder reads is cut at the end.</param>
    /// <param name="threads">That compute; at least 1.</param>
    /// <param name="cancellationToken">Looked at between passes.</param>
    /// <returns>In the order of the texts.</returns>
    public SpecialistPrediction[] Predict(IReadOnlyList<string> texts, int threads, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(texts);
        SpecialistInput[] inputs = [.. texts.Select(text => SpecialistInput.Of(text, encoder.PrefixOf(TextKind.Passage), encoder.Tokenizer, encoder.MaxTokens))];
        return Answer(inputs, threads, cancellationToken).Predictions;
    }

    /// <summary>With what the heads said.</summary>
    internal (HeadLogits[] Logits, SpecialistPrediction[] Predictions) Answer(SpecialistInput[] inputs, int threads, CancellationToken cancellationToken)
    {
        var logits = encoder.Run([.. inputs.Select(input => input.Encoded)], adapter, (text, hidden) => heads.Read(inputs[text], hidden), threads, cancellationToken);
        return (logits, [.. inputs.Zip(logits, Compose)]);
    }

    internal bool Obeys(string json) => OutputConformance.Obeys(description.Output, json);

    /// <summary>Calibrated, of a head of labels.</summary>
    internal float[] Probabilities(int head, HeadLogits logits) => composer.Probabilities(head, logits.Values[head]);

    private SpecialistPrediction Compose(SpecialistInput input, HeadLogits logits)
    {
        var rule = mainHead < 0 ? null : description.OutOfScope;
        var energy = rule is null ? 0 : EnergyScore.Of(logits.Values[mainHead]);
        var (json, confidences) = composer.Compose(input, rule is null ? logits : logits with { Strangeness = rule.Strangeness(energy) });
        var confidence = description.Confidence.Apply(confidences.Values.Aggregate(1.0, (product, field) => product * field));
        return rule is null
            ? new SpecialistPrediction(json, confidence, 0, false, confidences)
            : new SpecialistPrediction(json, confidence, rule.Score(energy), energy > rule.Point.Threshold, confidences);
    }

    private static SpecialistDescription ReadDescription(IModelFiles files)
    {
        if (!files.Exists(SpecialistDescription.File))
        {
            throw new FileNotFoundException($"The specialist has no {SpecialistDescription.File}.", SpecialistDescription.File);
        }

        using var stream = files.Open(SpecialistDescription.File);
        return SpecialistDescription.Read(stream);
    }

    private static float[] Read(SafetensorsFile weights, string name, int[] shape)
    {
        var tensor = weights.Read(name);
        return tensor.Shape.SequenceEqual(shape) && Array.TrueForAll(tensor.Values, float.IsFinite)
            ? tensor.Values
            : throw new InvalidDataException($"'{name}' has shape [{string.Join(", ", tensor.Shape)}], [{string.Join(", ", shape)}] is wanted, or a value of it is not finite.");
    }
}

/// <param name="Json">Obeys the specialist's schema.</param>
/// <param name="Confidence">0 to 1: that all fields are right; calibrated on the validation part.</param>
/// <param name="OutOfScope">0 to 1, a half at the operating point; 0 where nothing tells.</param>
/// <param name="IsOutOfScope">Above the operating point.</param>
/// <param name="FieldConfidences">0 to 1, by the field's path; calibrated for labels alone.</param>
public sealed record SpecialistPrediction(string Json, double Confidence, double OutOfScope, bool IsOutOfScope, IReadOnlyDictionary<string, double> FieldConfidences);
