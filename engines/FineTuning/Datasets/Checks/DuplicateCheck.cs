using System.Globalization;
using RagPlatform.FineTuning.Datasets.Findings;
using RagPlatform.FineTuning.Datasets.Labels;
using RagPlatform.FineTuning.Datasets.Similarity;

namespace RagPlatform.FineTuning.Datasets.Checks;

/// <param name="Equal">Examples equal to an earlier one.</param>
/// <param name="Near">Examples whose input is nearly an earlier one's.</param>
internal readonly record struct DuplicateCounts(int Equal, int Near);

/// <summary>Examples that say again what an earlier one says.</summary>
internal static class DuplicateCheck
{
    private const string Remedy = "Keep one of them, unless the small difference is what is to be learnt; a split keeps them in one part.";

    public static DuplicateCounts Judge(TrainingFileContent file, ExampleSet set, ExampleClusters clusters, LabelField? labels, FindingLog findings)
    {
        var firsts = new Dictionary<UInt128, int>();
        var (equal, near) = (0, 0);
        for (var i = 0; i < set.Examples.Count; i++)
        {
            var line = set.Examples[i].Line;
            if (!firsts.TryAdd(set.Keys[i].Whole, i))
            {
                equal++;
                findings.Add(
                    FindingCode.Duplicate, file.Name, line, "", $"The example is the same as line {set.Examples[firsts[set.Keys[i].Whole]].Line}.",
                    "Take it out, unless it is meant to weigh more.");
            }
            else if (EarlierLike(i, set, clusters) is { } earlier)
            {
                near++;
                var other = labels is not null && labels.Labels[i] != labels.Labels[earlier.Example] ? ", with another label" : "";
                findings.Add(
                    FindingCode.NearDuplicate, file.Name, line, "",
                    $"The input is nearly that of line {set.Examples[earlier.Example].Line} ({earlier.How}){other}.", Remedy);
            }
        }

        return new DuplicateCounts(equal, near);
    }

    private static (int Example, string How)? EarlierLike(int example, ExampleSet set, ExampleClusters clusters)
    {
        var first = set.FirstOfInput(example);
        if (first != example)
        {
            // The very same input is no near-duplicate: it is a contradiction, or a query's further passage.
            return set.Keys[first].Prompt == set.Keys[example].Prompt ? null : (first, "but for case, punctuation or instructions");
        }

        return clusters.Nearest.TryGetValue(example, out var nearest)
            ? (nearest.Earlier, string.Create(CultureInfo.InvariantCulture, $"similarity {nearest.Similarity:0.00}"))
            : null;
    }
}
