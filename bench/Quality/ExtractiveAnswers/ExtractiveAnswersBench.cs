using System.Diagnostics;
using System.Globalization;
using RagPlatform.Answers;

namespace RagPlatform.Bench.Quality.ExtractiveAnswers;

/// <summary>Tunes on half 0 when asked to, and reports both halves with the product's weights.</summary>
internal sealed class ExtractiveAnswersBench(QuestionData data, TextVectors vectors, TextWriter output)
{
    private const int QuestionStride = 2;

    private static readonly double[] Thresholds = [0.1, 0.125, 0.15, 0.175, 0.2, 0.225, 0.25, 0.3, 0.4, 0.5, 0.6];

    public async Task RunAsync(bool fit)
    {
        var watch = Stopwatch.StartNew();
        var halves = new[] { data.Half(0), data.Half(1) };
        List<Trial>[] trials =
        [
            await Trials.RunAsync(halves[0], halves[1], vectors, new AnswerOptions(), QuestionStride),
            await Trials.RunAsync(halves[1], halves[0], vectors, new AnswerOptions(), QuestionStride),
        ];
        output.WriteLine($"{trials.Sum(half => half.Count)} questions read in {watch.Elapsed.TotalSeconds:0} s");
        var weights = fit ? EvidenceFit.Fit(trials[0]) : EvidenceWeights.Default;
        output.WriteLine(weights);
        for (var half = 0; half < 2; half++)
        {
            output.WriteLine();
            output.WriteLine($"{(half == 0 ? "Tuning" : "Reported")} half: {halves[half].Paragraphs.Count} paragraphs");
            Report(trials[half], features => features.Evidence(weights));
            ReportBaseline(trials[half]);
        }
    }

    private void Report(IReadOnlyList<Trial> trials, Func<EvidenceFeatures, double> evidence)
    {
        var outcomes = trials.Select(trial => trial.Answer(evidence)).ToArray();
        var answerable = outcomes.Where(outcome => outcome.Set is QuestionSet.Answerable).ToArray();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"questions: {answerable.Length} answerable, {Count(outcomes, QuestionSet.Adversarial)} adversarial, {Count(outcomes, QuestionSet.OffTopic)} off topic; paragraph retrieved for {Share(trials.Where(trial => trial.Set is QuestionSet.Answerable), trial => trial.IsFound):0.000}; without a threshold {Share(answerable, outcome => outcome.HoldsAnswer):0.000} of the answers are in the quotes (mean {answerable.Average(outcome => outcome.Units):0.0} units, {answerable.Average(outcome => outcome.Characters):0} characters)"));
        output.WriteLine("| threshold | answerable: answered | answerable: answer quoted | of those answered, right | off topic: abstained | adversarial: abstained | abstention P / R / F1, answerable + off topic | the same, answerable + adversarial |");
        output.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var threshold in Thresholds)
        {
            var answered = answerable.Where(outcome => outcome.Evidence >= threshold).ToArray();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {threshold:0.000} | {(double)answered.Length / answerable.Length:0.000} | {(double)answered.Count(outcome => outcome.HoldsAnswer) / answerable.Length:0.000} | {Share(answered, outcome => outcome.HoldsAnswer):0.000} | {Abstained(outcomes, QuestionSet.OffTopic, threshold):0.000} | {Abstained(outcomes, QuestionSet.Adversarial, threshold):0.000} | {Abstention(outcomes, QuestionSet.OffTopic, threshold)} | {Abstention(outcomes, QuestionSet.Adversarial, threshold)} |"));
        }
    }

    private void ReportBaseline(IReadOnlyList<Trial> trials)
    {
        var answerable = trials.Where(trial => trial.Set is QuestionSet.Answerable).ToArray();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"ranked by cosine alone: {Share(answerable, trial => trial.Answer(features => features.Similarity).HoldsAnswer):0.000} of the answers are in the quotes; by term coverage alone: {Share(answerable, trial => trial.Answer(features => features.Coverage).HoldsAnswer):0.000}"));
    }

    private static int Count(IEnumerable<Outcome> outcomes, QuestionSet set) => outcomes.Count(outcome => outcome.Set == set);

    private static double Share<T>(IEnumerable<T> items, Func<T, bool> predicate)
    {
        var all = items.ToArray();
        return all.Length == 0 ? 0 : (double)all.Count(predicate) / all.Length;
    }

    private static double Abstained(IEnumerable<Outcome> outcomes, QuestionSet set, double threshold) =>
        Share(outcomes.Where(outcome => outcome.Set == set), outcome => outcome.Evidence < threshold);

    /// <summary>Abstaining as a decision: right where the question cannot be answered.</summary>
    private static string Abstention(IReadOnlyList<Outcome> outcomes, QuestionSet unanswerable, double threshold)
    {
        var right = outcomes.Count(outcome => outcome.Set == unanswerable && outcome.Evidence < threshold);
        var wrong = outcomes.Count(outcome => outcome.Set is QuestionSet.Answerable && outcome.Evidence < threshold);
        var precision = right + wrong == 0 ? 0 : (double)right / (right + wrong);
        var recall = (double)right / Count(outcomes, unanswerable);
        var f1 = precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
        return string.Create(CultureInfo.InvariantCulture, $"{precision:0.000} / {recall:0.000} / {f1:0.000}");
    }
}
