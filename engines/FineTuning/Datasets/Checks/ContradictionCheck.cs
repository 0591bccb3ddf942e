using RagPlatform.FineTuning.Datasets.Findings;
using RagPlatform.FineTuning.Datasets.Similarity;

namespace RagPlatform.FineTuning.Datasets.Checks;

/// <summary>The same question with different answers; a passage that answers a query and does not.</summary>
internal static class ContradictionCheck
{
    public static void Judge(TrainingFileContent file, ExampleSet set, FindingLog findings)
    {
        if (file.Format == DatasetFormat.Pairs)
        {
            JudgePairs(file, findings);
            return;
        }

        var firsts = new Dictionary<UInt128, int>();
        for (var i = 0; i < set.Examples.Count; i++)
        {
            if (!firsts.TryAdd(set.Keys[i].Prompt, i) && set.Keys[firsts[set.Keys[i].Prompt]].Output != set.Keys[i].Output)
            {
                findings.Add(
                    FindingCode.Contradiction, file.Name, set.Examples[i].Line, "",
                    $"The same input has another answer in line {set.Examples[firsts[set.Keys[i].Prompt]].Line}.",
                    "Keep the right one; where both are right, the model learns one or the other by chance.");
            }
        }
    }

    private static void JudgePairs(TrainingFileContent file, FindingLog findings)
    {
        var positives = new Dictionary<(string Query, string Passage), int>();
        foreach (var pair in file.Examples.OfType<PairExample>())
        {
            positives.TryAdd((pair.Query, pair.Positive), pair.Line);
        }

        foreach (var pair in file.Examples.OfType<PairExample>())
        {
            for (var i = 0; i < pair.Negatives.Count; i++)
            {
                if (positives.TryGetValue((pair.Query, pair.Negatives[i]), out var line))
                {
                    findings.Add(
                        FindingCode.Contradiction, file.Name, pair.Line, FormattableString.Invariant($"negatives[{i}]"),
                        $"The passage is the same query's positive in line {line}.", "Take it out of the negatives.");
                }
            }
        }
    }
}
