using System.Diagnostics;
using RagPlatform.FineTuning.Evaluation;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Metrics;
using RagPlatform.Metrics.Confidence;
using RagPlatform.Transformers;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>Judges a specialist as it is served on what was held out, beside the baselines on its base model's frozen vectors.</summary>
internal sealed class SpecialistEvaluation(SpecialistModel model, IReadOnlyList<SpecialistExample> examples, SpecialistPart test, OutputJudge judge, int threads)
{
    private const int TimedTexts = 100;

    public EvaluationRow Specialist(long bytes, CancellationToken cancellationToken)
    {
        var (logits, predictions) = model.Answer([.. test.Inputs], threads, cancellationToken);
        var metrics = judge.Fields(test, logits);
        metrics.Remove("score");
        int[] answered = [.. Enumerable.Range(0, test.Count).Where(text => test.Targets[text].Output.Length > 0)];
        if (answered.Length > 0)
        {
            // As it is served: here the label that says that a text is out of scope can be the right one.
            bool[] isRight = [.. answered.Select(text => JsonExactMatch.IsMatch(test.Targets[text].Output, predictions[text].Json))];
            metrics["exact_match"] = isRight.Average(each => each ? 1.0 : 0);
            metrics["exact_match_ece"] = CalibrationError.Expected([.. answered.Select(text => predictions[text].Confidence)], isRight);
        }

        metrics["schema_validity"] = predictions.Average(prediction => model.Obeys(prediction.Json) ? 1.0 : 0);
        int[] inScope = [.. Enumerable.Range(0, test.Count).Where(text => !test.Targets[text].IsOutOfScope)];
        int[] strange = [.. Enumerable.Range(0, test.Count).Where(text => test.Targets[text].IsOutOfScope)];
        int[] labelled = judge.MainHead < 0 ? [] : [.. inScope.Where(text => test.Targets[text].Labels[judge.MainHead] != LabelLoss.Unknown)];
        if (labelled.Length > 0)
        {
            var probabilities = labelled.Select(text => model.Probabilities(judge.MainHead, logits[text])).ToArray();
            metrics["ece"] = CalibrationError.Expected(
                [.. probabilities.Select(probability => (double)Math.Min(1, probability.Max()))],
                [.. probabilities.Select((probability, i) => OutputJudge.Highest(probability) == test.Targets[labelled[i]].Labels[judge.MainHead])]);
        }

        if (strange.Length > 0 && inScope.Length > 0)
        {
            metrics["oos_auroc"] = DetectionMetrics.AreaUnderRoc([.. predictions.Select(prediction => prediction.OutOfScope)], [.. test.Targets.Select(target => target.IsOutOfScope)]);
            metrics["refusal_kept"] = strange.Average(text => predictions[text].IsOutOfScope ? 1.0 : 0);
            metrics["in_scope_kept"] = inScope.Average(text => predictions[text].IsOutOfScope ? 0.0 : 1);
        }

        metrics["latency_p50_ms"] = Latency(cancellationToken);
        metrics["bytes"] = bytes;
        return new EvaluationRow("adapter", metrics);
    }

    /// <summary>Of the main label alone; none where there is no label.</summary>
    public static IReadOnlyList<EvaluationRow> Baselines(
        TrainingRun run, OutputJudge judge, HeadSpec[] heads, (IReadOnlyList<SpecialistExample> Examples, SpecialistPart Part)[] parts, CancellationToken cancellationToken)
    {
        if (judge.MainHead < 0)
        {
            return [];
        }

        run.Observer.Said("Fitting the baselines on the base model's frozen vectors.");
        var embedder = SentenceEncoder.Load(run.BaseModel, run.BaseModelName);
        var labels = heads[judge.MainHead].Outputs;
        EmbeddedExamples[] embedded = [.. parts.Select(part => Embedded(embedder, part.Examples, part.Part.Targets, judge.MainHead, labels, run.Threads, cancellationToken))];
        return FineTuning.Evaluation.Baselines.Evaluate(embedded[0], embedded[1], embedded[2], labels, run.Threads, cancellationToken);
    }

    /// <summary>Texts as the adapter is judged on: a label never seen in training is one more, which nobody tells.</summary>
    private static EmbeddedExamples Embedded(
        SentenceEncoder embedder, IReadOnlyList<SpecialistExample> examples, IReadOnlyList<SpecialistTarget> targets, int head, int labels, int threads, CancellationToken cancellationToken)
    {
        int[] texts = [.. Enumerable.Range(0, examples.Count).Where(text => targets[text].IsOutOfScope || targets[text].Labels[head] != LabelLoss.Unknown)];
        return new EmbeddedExamples(
            [.. embedder.Embed([.. texts.Select(text => embedder.Encode(examples[text].Text, TextKind.Passage))], threads, cancellationToken).Select(vector => vector.Vector)],
            [.. texts.Select(text => targets[text].IsOutOfScope ? EmbeddedExamples.OutOfScope : targets[text].Labels[head] is >= 0 and var label ? label : labels)]);
    }

    /// <summary>Of a text alone, on all threads, as a caller waits for it.</summary>
    private double Latency(CancellationToken cancellationToken)
    {
        var times = new List<double>();
        foreach (var example in examples.Take(TimedTexts))
        {
            var begin = Stopwatch.GetTimestamp();
            model.Predict([example.Text], threads, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }

        times.Sort();
        return times.Count == 0 ? 0 : Quantiles.Of([.. times], 0.5);
    }
}
