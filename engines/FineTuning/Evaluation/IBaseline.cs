namespace RagPlatform.FineTuning.Evaluation;

/// <summary>What tells labels without fine-tuning: an adapter that is no better has learnt nothing.</summary>
public interface IBaseline
{
    /// <summary>As <see cref="Trainers.EvaluationRow"/> calls it.</summary>
    string System { get; }

    /// <summary>One per text; their labels are not looked at. The result does not depend on the number of threads.</summary>
    LabelPrediction[] Predict(EmbeddedExamples texts, int threads, CancellationToken cancellationToken);
}
