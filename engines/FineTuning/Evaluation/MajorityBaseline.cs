namespace RagPlatform.FineTuning.Evaluation;

/// <summary>Tells of every text the most frequent label of training, as confidently as it was frequent.</summary>
/// <param name="training">At least one text with a label.</param>
public sealed class MajorityBaseline(EmbeddedExamples training) : IBaseline
{
    private readonly LabelPrediction prediction = training.Labels
        .Where(label => label != EmbeddedExamples.OutOfScope)
        .CountBy(label => label)
        .OrderByDescending(label => label.Value)
        .ThenBy(label => label.Key)
        .Select(label => new LabelPrediction(label.Key, (double)label.Value / training.InScope().Count, OutOfScope: 0))
        .First();

    public string System => "majority";

    public LabelPrediction[] Predict(EmbeddedExamples texts, int threads, CancellationToken cancellationToken)
    {
        var predictions = new LabelPrediction[texts.Count];
        Array.Fill(predictions, prediction);
        return predictions;
    }
}
