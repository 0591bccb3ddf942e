using RagPlatform.FineTuning.Datasets.Findings;
using RagPlatform.FineTuning.Datasets.Similarity;

namespace RagPlatform.FineTuning.Datasets.Checks;

/// <summary>Sets that are too small to learn from, or that ask always the same.</summary>
internal static class SizeCheck
{
    private const int LeastToCompare = 5;

    public static void Judge(TrainingFileContent file, ExampleSet set, MethodRules rules, FindingLog findings)
    {
        if (file.Examples.Count == 0)
        {
            return;
        }

        // What maps inputs to outputs learns nothing from one input's repetition; a language model does from other answers to it.
        var isByInput = rules.Reads != SequenceShape.Conversation;
        var distinct = isByInput ? set.Distinct.Count : set.Keys.Select(key => key.Whole).Distinct().Count();
        var counted = $"The file has {distinct:N0} distinct {(isByInput ? (file.Format == DatasetFormat.Pairs ? "queries" : "inputs") : "examples")}";
        if (distinct < rules.MinExamples)
        {
            findings.Add(
                FindingCode.TooFewExamples, file.Name, 0, "", $"{counted}; the method {rules.Method} needs at least {rules.MinExamples:N0}.",
                $"Add examples. Usual are {rules.UsualRange}.");
        }
        else if (distinct < rules.UsualExamples)
        {
            findings.Add(
                FindingCode.FewExamples, file.Name, 0, "", $"{counted}; fewer than {rules.UsualExamples:N0} seldom suffice for the method {rules.Method}.",
                $"Add examples. Usual are {rules.UsualRange}.");
        }

        if (file.Examples.Count >= LeastToCompare && set.Distinct.Count == 1)
        {
            findings.Add(
                FindingCode.IdenticalPrompts, file.Name, 0, "", $"All {file.Examples.Count:N0} examples have the same input.",
                "Put what the answer depends on into the user's message.");
        }
    }
}
