using System.Globalization;
using RagPlatform.FineTuning.Datasets.Findings;
using RagPlatform.FineTuning.Datasets.Similarity;

namespace RagPlatform.FineTuning.Datasets.Checks;

/// <param name="Equal">Examples equal to an earlier one.</param>
/// <param name="Near">Examples whose input is nearly an earlier one's.</param>
internal readonly record struct DuplicateCounts(int Equal, int Near);

/// <summary>Examples that say again what an earlier one says.</summary>
internal static class DuplicateCheck
{
    public static DuplicateCounts Judge(TrainingFileContent file, ExampleSet set, ExampleClusters clusters, FindingLog findings)
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
            else if (clusters.Nearest.TryGetValue(i, out var nearest))
            {
                near++;
                findings.Add(
                    FindingCode.NearDuplicate, file.Name, line, "",
                    string.Create(CultureInfo.InvariantCulture, $"The input is nearly that of line {set.Examples[nearest.Earlier].Line} (similarity {nearest.Similarity:0.00})."),
                    "Keep one of them, unless the small difference is what is to be learnt; a split keeps them in one part.");
            }
        }

        return new DuplicateCounts(equal, near);
    }
}
