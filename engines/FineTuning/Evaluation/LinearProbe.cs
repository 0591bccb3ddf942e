using RagPlatform.Numerics;

namespace RagPlatform.FineTuning.Evaluation;

/// <summary>
/// Multinomial logistic regression on frozen vectors: what the model knows already without being tuned (G. Alain and
/// Y. Bengio, "Understanding intermediate layers using linear classifier probes", 2016). The out-of-scope score is the
/// energy, −log Σ e^logit (Liu, Wang, Owens and Li, "Energy-based Out-of-distribution Detection", NeurIPS 2020).
/// </summary>
public sealed class LinearProbe : IBaseline
{
    /// <summary>Inverse penalties, over the whole of the texts, as scikit-learn's C; weak fits first, each the start of the next.</summary>
    private static readonly double[] Choices = [1, 4, 16, 64, 256];

    private const double ChoiceWithoutValidation = 16;

    private readonly int width;
    private readonly int classes;
    private readonly float[] weights;

    /// <summary>With the penalty that has the best accuracy on the validation texts; the strongest of the best.</summary>
    /// <param name="training">At least one text with a label; the others are left out.</param>
    /// <param name="validation">May be empty.</param>
    /// <param name="classes">Labels are below it; at least 1.</param>
    /// <param name="threads">At least 1; the result does not depend on it.</param>
    /// <param name="cancellationToken">Looked at within each pass over the texts.</param>
    public LinearProbe(EmbeddedExamples training, EmbeddedExamples validation, int classes, int threads, CancellationToken cancellationToken)
    {
        var learnt = training.InScope();
        ArgumentOutOfRangeException.ThrowIfZero(learnt.Count, nameof(training));
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, learnt.Labels.Max() + 1);
        (width, this.classes) = (learnt.Width, classes);
        var loss = new LogisticLoss(learnt, classes, threads, cancellationToken);
        var judged = validation.InScope();
        weights = new float[loss.Length];
        float[] best = [];
        var bestRight = -1;
        foreach (var choice in judged.Count > 0 ? Choices : [ChoiceWithoutValidation])
        {
            LimitedMemoryBfgs.Minimize(weights, (at, gradient) => loss.At(at, 1 / (choice * learnt.Count), gradient));
            var right = Predict(judged, threads, cancellationToken).Zip(judged.Labels).Count(pair => pair.First.Label == pair.Second);
            if (right > bestRight)
            {
                (bestRight, best, InversePenalty) = (right, [.. weights], choice);
            }
        }

        weights = best;
    }

    public string System => "linear probe";

    /// <summary>As scikit-learn's C.</summary>
    public double InversePenalty { get; }

    public LabelPrediction[] Predict(EmbeddedExamples texts, int threads, CancellationToken cancellationToken)
    {
        if (texts.Count > 0 && texts.Width != width)
        {
            throw new ArgumentException($"The vectors have {texts.Width} numbers; those of training had {width}.", nameof(texts));
        }

        var predictions = new LabelPrediction[texts.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, texts.Count, options, text =>
        {
            var logits = new float[classes];
            for (var label = 0; label < classes; label++)
            {
                logits[label] = VectorMath.Dot(texts.Vector(text), weights.AsSpan(label * width, width)) + weights[(classes * width) + label];
            }

            var highest = logits.Max();
            var mass = logits.Sum(logit => Math.Exp(logit - highest));
            predictions[text] = new LabelPrediction(Array.IndexOf(logits, highest), 1 / mass, -(highest + Math.Log(mass)));
        });
        return predictions;
    }
}
