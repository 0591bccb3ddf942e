using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuning.Evaluation;

/// <summary>The baselines that every job that tells labels is held against.</summary>
public static class Baselines
{
    /// <summary>Fits majority, nearest neighbour and linear probe, and judges them on the test texts.</summary>
    /// <param name="training">At least one text with a label.</param>
    /// <param name="validation">What k and the penalty are chosen on; may be empty.</param>
    /// <param name="test">What is judged.</param>
    /// <param name="classes">Labels are below it.</param>
    /// <param name="threads">At least 1; the result does not depend on it.</param>
    /// <param name="cancellationToken">Looked at within each.</param>
    public static IReadOnlyList<EvaluationRow> Evaluate(
        EmbeddedExamples training, EmbeddedExamples validation, EmbeddedExamples test, int classes, int threads, CancellationToken cancellationToken)
    {
        IBaseline[] baselines =
        [
            new MajorityBaseline(training),
            new NearestNeighbours(training, validation, threads, cancellationToken),
            new LinearProbe(training, validation, classes, threads, cancellationToken),
        ];
        return [.. baselines.Select(baseline => new EvaluationRow(baseline.System, LabelEvaluation.Metrics(baseline.Predict(test, threads, cancellationToken), test.Labels)))];
    }
}
