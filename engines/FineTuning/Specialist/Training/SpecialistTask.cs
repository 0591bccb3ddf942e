using RagPlatform.FineTuning.Loop;
using RagPlatform.Numerics;
using RagPlatform.Transformers.Training;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>An encoder and its heads learn to answer texts with their outputs: the losses of all heads together, each a mean over what it judges.</summary>
/// <param name="encoder">What is tuned.</param>
/// <param name="heads">Over its hidden states.</param>
/// <param name="training">To learn from.</param>
/// <param name="validation">To stop by; may be empty.</param>
/// <param name="judge">Judges predictions of the validation part.</param>
/// <param name="settings">Of the method.</param>
internal sealed class SpecialistTask(
    TrainableEncoder encoder, HeadSet heads, SpecialistPart training, SpecialistPart validation, OutputJudge judge, SpecialistSettings settings) : ITrainingTask
{
    private readonly LabelLoss[] labelLosses = [.. heads.Specs.Select((spec, head) =>
        new LabelLoss(spec.Kind == HeadKind.Label ? settings.LabelSmoothing : 0, settings.WeighsLabels && spec.Kind == HeadKind.Label ? Weights(spec, training, head) : []))];

    public IReadOnlyList<Parameter> Parameters { get; } = [.. encoder.Parameters, .. heads.Heads.SelectMany(head => head.Parameters)];

    public IReadOnlyList<int> ExampleTokens { get; } = [.. training.Inputs.Select(input => input.Encoded.Ids.Length)];

    public string Identity => settings.Identity;

    public bool CanValidate => validation.HasAnswers;

    public double RateFactor(Parameter parameter) =>
        parameter.Name.StartsWith("heads.", StringComparison.Ordinal) ? settings.HeadRateFactor : settings.EncoderRateFactor(parameter.Name, encoder.Layers);

    public StepLoss Accumulate(ReadOnlySpan<int> examples, double scale, ulong seed, CancellationToken cancellationToken)
    {
        Array.ForEach([.. heads.Heads], head => head.Repack());
        var batch = examples.ToArray();
        SpecialistInput[] inputs = [.. batch.Select(example => training.Inputs[example])];
        using var activations = encoder.Forward([.. inputs.Select(input => input.Encoded)], settings.Dropout > 0 ? seed : null, settings.Loop.Threads, cancellationToken);
        var gradient = new float[activations.Tokens * heads.Width];
        var loss = Labels(batch, activations, gradient, scale) + Tags(batch, inputs, activations, gradient, scale);
        encoder.Backward(activations, gradient, settings.Loop.Threads, cancellationToken);
        return new StepLoss(loss, activations.Tokens);
    }

    public ValidationResult Validate(CancellationToken cancellationToken)
    {
        Array.ForEach([.. heads.Heads], head => head.Repack());
        var logits = encoder.Infer(
            [.. validation.Inputs.Select(input => input.Encoded)], (text, hidden) => heads.Read(validation.Inputs[text], hidden), settings.Loop.Threads, cancellationToken);
        var metrics = judge.Fields(validation, logits);
        return new ValidationResult(Loss(logits), metrics["score"], metrics);
    }

    private static float[] Weights(HeadSpec spec, SpecialistPart part, int head)
    {
        var counts = new int[spec.Outputs];
        foreach (var target in part.Targets.Where(target => target.Labels[head] >= 0))
        {
            counts[target.Labels[head]]++;
        }

        return LabelLoss.BalancedWeights(counts);
    }

    /// <summary>Of labels and sets of them, which read a text's mean.</summary>
    private double Labels(int[] batch, EncoderActivations activations, float[] gradient, double scale)
    {
        var places = Enumerable.Range(0, heads.Specs.Count).Where(head => heads.Specs[head].Kind != HeadKind.Tags).ToArray();
        if (places.Length == 0)
        {
            return 0;
        }

        var (width, loss) = (heads.Width, 0.0);
        float[] means = [.. Enumerable.Range(0, batch.Length).SelectMany(text => heads.Pool(activations.HiddenOf(text)))];
        float[] sums = new float[means.Length], one = new float[means.Length];
        foreach (var head in places)
        {
            var logits = new float[batch.Length * heads.Specs[head].Outputs];
            heads.Heads[head].Forward(means, batch.Length, logits);
            loss += Slopes(head, [.. batch.Select(example => training.Targets[example])], logits, scale);
            heads.Heads[head].Backward(means, batch.Length, logits, one);
            VectorMath.Add(sums, one);
        }

        for (var text = 0; text < batch.Length; text++)
        {
            var tokens = activations.Starts[text + 1] - activations.Starts[text];
            for (var token = activations.Starts[text]; token < activations.Starts[text + 1]; token++)
            {
                VectorMath.AddScaled(gradient.AsSpan(token * width, width), heads.Scale / tokens, sums.AsSpan(text * width, width));
            }
        }

        return loss;
    }

    /// <summary>The mean loss of a head of labels or sets; the logits become its gradient.</summary>
    private double Slopes(int head, SpecialistTarget[] targets, Span<float> logits, double scale) => heads.Specs[head].Kind == HeadKind.Label
        ? labelLosses[head].ReplaceByGradient(logits, [.. targets.Select(target => target.Labels[head])], (float)(scale / targets.Length)) / targets.Length
        : LabelSetLoss.ReplaceByGradient(logits, [.. targets.Select(target => target.Sets[head])], heads.Specs[head].Outputs, (float)(scale / targets.Length)) / targets.Length;

    /// <summary>Of tags, which read each piece; the mean is over the pieces.</summary>
    private double Tags(int[] batch, SpecialistInput[] inputs, EncoderActivations activations, float[] gradient, double scale)
    {
        var (width, loss) = (heads.Width, 0.0);
        for (var head = 0; head < heads.Specs.Count; head++)
        {
            int[] texts = [.. Enumerable.Range(0, batch.Length).Where(text => heads.Specs[head].Kind == HeadKind.Tags && training.Targets[batch[text]].Tags[head] is { Length: > 0 })];
            int[] labels = [.. texts.SelectMany(text => training.Targets[batch[text]].Tags[head]!)];
            if (labels.Length == 0)
            {
                continue;
            }

            float[] rows = [.. texts.SelectMany(text => heads.PiecesOf(inputs[text], activations.HiddenOf(text)))];
            var logits = new float[labels.Length * heads.Specs[head].Outputs];
            heads.Heads[head].Forward(rows, labels.Length, logits);
            loss += labelLosses[head].ReplaceByGradient(logits, labels, (float)(scale * settings.TagWeight / labels.Length)) * settings.TagWeight / labels.Length;
            var slopes = new float[rows.Length];
            heads.Heads[head].Backward(rows, labels.Length, logits, slopes);
            var from = 0;
            foreach (var text in texts)
            {
                var length = inputs[text].Pieces * width;
                VectorMath.AddScaled(gradient.AsSpan((activations.Starts[text] + inputs[text].FirstPiece) * width, length), heads.Scale, slopes.AsSpan(from, length));
                from += length;
            }
        }

        return loss;
    }

    /// <summary>As in training, without dropout and smoothing; each head a mean over the part.</summary>
    private double Loss(HeadLogits[] logits)
    {
        var loss = 0.0;
        for (var head = 0; head < heads.Specs.Count; head++)
        {
            for (var text = 0; text < logits.Length; text++)
            {
                var values = (float[])logits[text].Values[head].Clone();
                var target = validation.Targets[text];
                loss += heads.Specs[head].Kind switch
                {
                    HeadKind.Label => labelLosses[head].ReplaceByGradient(values, [target.Labels[head]], 1),
                    HeadKind.LabelSet => LabelSetLoss.ReplaceByGradient(values, [target.Sets[head]], heads.Specs[head].Outputs, 1),
                    _ when target.Tags[head] is { Length: > 0 } tags => settings.TagWeight * labelLosses[head].ReplaceByGradient(values, tags, 1) / tags.Length,
                    _ => 0,
                } / logits.Length;
            }
        }

        return loss;
    }
}
