using RagPlatform.Metrics.Confidence;
using RagPlatform.Metrics.Labels;

namespace RagPlatform.FineTuning.Evaluation;

/// <summary>Judges predictions of one label, of whatever made them, by the same metrics.</summary>
public static class LabelEvaluation
{
    /// <summary>
    /// accuracy, macro_f1 and ece of texts that have a label, oos_auroc where there are texts with and without. What cannot be
    /// judged is left out.
    /// </summary>
    /// <param name="predictions">By text.</param>
    /// <param name="labels">By text; <see cref="EmbeddedExamples.OutOfScope"/> for none.</param>
    /// <exception cref="ArgumentException">The numbers differ.</exception>
    public static IReadOnlyDictionary<string, double> Metrics(IReadOnlyList<LabelPrediction> predictions, IReadOnlyList<int> labels)
    {
        if (predictions.Count != labels.Count)
        {
            throw new ArgumentException($"There are {predictions.Count} predictions of {labels.Count} texts.", nameof(predictions));
        }

        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        var inScope = Enumerable.Range(0, labels.Count).Where(text => labels[text] != EmbeddedExamples.OutOfScope).ToArray();
        if (inScope.Length > 0)
        {
            int[] expected = [.. inScope.Select(text => labels[text])];
            int[] predicted = [.. inScope.Select(text => predictions[text].Label)];
            metrics["accuracy"] = LabelMetrics.Accuracy(expected, predicted);
            metrics["macro_f1"] = LabelMetrics.MacroF1(expected, predicted);
            metrics["ece"] = CalibrationError.Expected(
                [.. inScope.Select(text => predictions[text].Confidence)], [.. inScope.Select(text => predictions[text].Label == labels[text])]);
        }

        if (inScope.Length > 0 && inScope.Length < labels.Count)
        {
            metrics["oos_auroc"] = DetectionMetrics.AreaUnderRoc(
                [.. predictions.Select(prediction => prediction.OutOfScope)], [.. labels.Select(label => label == EmbeddedExamples.OutOfScope)]);
        }

        return metrics;
    }
}
