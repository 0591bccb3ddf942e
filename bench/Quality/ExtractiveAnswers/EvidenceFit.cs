using RagPlatform.Answers;

namespace RagPlatform.Bench.Quality.ExtractiveAnswers;

/// <summary>
/// Fits the evidence weights in two steps: first to rank candidates (does this one hold the answer?), then to scale the
/// best one's score into a probability over all three kinds of question (does what is quoted hold the answer?).
/// </summary>
internal static class EvidenceFit
{
    /// <summary>Kept as it was chosen by hand: encyclopaedia paragraphs hold no commands to fit it on.</summary>
    private const double Command = 0.7;

    public static EvidenceWeights Fit(IReadOnlyList<Trial> trials)
    {
        var ranking = ToWeights(LogisticFit.Fit(
        [
            .. trials.Where(trial => trial.Set is QuestionSet.Answerable && trial.Holds.Any(holds => holds))
                .SelectMany(trial => trial.Features.Zip(trial.Holds, (features, holds) => (ToRow(features), holds))),
        ]));
        var scale = LogisticFit.Fit(
        [
            .. trials.Where(trial => trial.Features.Length > 0)
                .Select(trial => trial.Answer(features => features.Evidence(ranking)))
                .Select(outcome => ((double[])[Math.Log(outcome.Evidence / (1 - outcome.Evidence))], outcome.HoldsAnswer)),
        ]);
        return new EvidenceWeights
        {
            Bias = (ranking.Bias * scale[1]) + scale[0],
            Similarity = ranking.Similarity * scale[1],
            Coverage = ranking.Coverage * scale[1],
            PassageCoverage = ranking.PassageCoverage * scale[1],
            PassageSimilarity = ranking.PassageSimilarity * scale[1],
            TypeMatch = ranking.TypeMatch * scale[1],
            Command = Command,
        };
    }

    private static double[] ToRow(EvidenceFeatures features) =>
        [features.Similarity, features.Coverage, features.PassageCoverage, features.PassageSimilarity, features.TypeMatch];

    private static EvidenceWeights ToWeights(double[] weights) => new()
    {
        Bias = weights[0],
        Similarity = weights[1],
        Coverage = weights[2],
        PassageCoverage = weights[3],
        PassageSimilarity = weights[4],
        TypeMatch = weights[5],
        Command = 0,
    };
}
