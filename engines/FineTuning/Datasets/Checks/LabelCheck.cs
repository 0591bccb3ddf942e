using RagPlatform.FineTuning.Datasets.Findings;
using RagPlatform.FineTuning.Datasets.Labels;
using RagPlatform.FineTuning.Datasets.Reading;
using RagPlatform.FineTuning.Datasets.Similarity;

namespace RagPlatform.FineTuning.Datasets.Checks;

/// <summary>Labels that are alone, rare, too frequent, or new in what is held out.</summary>
internal static class LabelCheck
{
    private const int FewOfLabel = 8;
    private const int GreatImbalance = 10;

    public static void Judge(TrainingFileContent file, ExampleSet set, LabelField? labels, MethodRules rules, FindingLog findings)
    {
        if (set.Distinct.Count > 1 && set.Keys.Skip(1).All(key => key.Output == set.Keys[0].Output))
        {
            findings.Add(
                FindingCode.OneClass, file.Name, 0, "", $"All {file.Examples.Count:N0} examples have the same answer; there is nothing to tell apart.",
                "Add examples with other answers.");
        }

        if (labels is null)
        {
            return;
        }

        if (rules.Reads == SequenceShape.Input)
        {
            JudgeRare(file, labels, findings);
        }

        var counts = labels.Counts.Values.Order().ToList();
        var middle = counts[(counts.Count - 1) / 2];
        if (counts[^1] >= GreatImbalance * middle)
        {
            var most = labels.Counts.First(pair => pair.Value == counts[^1]).Key;
            findings.Add(
                FindingCode.ImbalancedLabels, file.Name, 0, labels.Path,
                $"The label \"{Text.Shown(most)}\" has {counts[^1]:N0} examples, the label in the middle {middle:N0}.",
                "Add examples of the others, or weigh the classes in training.");
        }
    }

    public static void JudgeHeldOut(TrainingFileContent file, LabelField? labels, FindingLog findings)
    {
        if (labels is null)
        {
            return;
        }

        var seen = new HashSet<string>();
        foreach (var example in file.Examples)
        {
            if (LabelField.Of(example, labels.Path) is { } label && !labels.Counts.ContainsKey(label) && seen.Count < LabelField.MaxLabels && seen.Add(label))
            {
                findings.Add(
                    FindingCode.UnseenLabel, file.Name, example.Line, labels.Path, $"The label \"{Text.Shown(label)}\" is not in the training file.",
                    $"Add examples of it to the training file, or mend its spelling.{Suggestion.Sentence(label, labels.Counts.Keys)}");
            }
        }
    }

    private static void JudgeRare(TrainingFileContent file, LabelField labels, FindingLog findings)
    {
        var reported = new HashSet<string>();
        for (var i = 0; i < labels.Labels.Count; i++)
        {
            if (labels.Labels[i] is { } label && labels.Counts[label] < FewOfLabel && reported.Add(label))
            {
                findings.Add(
                    FindingCode.RareLabel, file.Name, file.Examples[i].Line, labels.Path,
                    $"The label \"{Text.Shown(label)}\" has {(labels.Counts[label] == 1 ? "1 example" : $"{labels.Counts[label]} examples")}, here first; fewer than {FewOfLabel} are seldom learnt.",
                    $"Add examples of it, join it with another label, or mend its spelling.{Suggestion.Sentence(label, labels.Counts.Where(pair => pair.Value >= FewOfLabel).Select(pair => pair.Key))}");
            }
        }
    }
}
