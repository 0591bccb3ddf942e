using RagPlatform.Answers;

namespace RagPlatform.Bench.Quality.ExtractiveAnswers;

internal enum QuestionSet
{
    /// <summary>The collection holds the answer.</summary>
    Answerable,
    /// <summary>SQuAD 2.0's own unanswerables: written against a paragraph so as to look answerable.</summary>
    Adversarial,
    /// <summary>About articles that are not in the collection.</summary>
    OffTopic,
}

/// <summary>One question as the answerer met it: what it read, what it weighed, and which candidates hold the answer.</summary>
/// <param name="IsFound">The paragraph with the answer is among those retrieved.</param>
/// <param name="Holds">Per candidate: a right answer stands in it.</param>
internal sealed record Trial(QuestionSet Set, Question Question, bool IsFound, Reading Reading, EvidenceFeatures[] Features, bool[] Holds)
{
    public Outcome Answer(Func<EvidenceFeatures, double> evidence)
    {
        var extract = Reading.Select([.. Features.Select(evidence)]);
        var quoted = string.Join('\n', extract.Units.Select(unit => unit.Text));
        return new Outcome(Set, extract.Evidence, Contains(quoted, Question.Answers), extract.Units.Count, quoted.Length);
    }

    public static bool Contains(string text, IReadOnlyList<string> answers) =>
        answers.Any(answer => text.Contains(answer, StringComparison.OrdinalIgnoreCase));
}

/// <param name="HoldsAnswer">A right answer stands in what would be quoted.</param>
internal readonly record struct Outcome(QuestionSet Set, double Evidence, bool HoldsAnswer, int Units, int Characters);
