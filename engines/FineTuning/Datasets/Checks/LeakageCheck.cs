using System.Globalization;
using RagPlatform.FineTuning.Datasets.Findings;
using RagPlatform.FineTuning.Datasets.Similarity;

namespace RagPlatform.FineTuning.Datasets.Checks;

/// <summary>Inputs of held-out files that are, or are nearly, in a file that is trained on or chosen by.</summary>
internal static class LeakageCheck
{
    public static LeakageCounts Judge(
        TrainingFileContent training, TrainingFileContent? validation, TrainingFileContent? test,
        Func<TrainingFileContent, ExampleSet> setOf, FindingLog findings, CancellationToken cancellationToken)
    {
        var ofValidation = Judge([training], validation, setOf, findings, cancellationToken);
        var ofTest = Judge(validation is null ? [training] : [training, validation], test, setOf, findings, cancellationToken);
        return new LeakageCounts(ofValidation.Equal, ofValidation.Near, ofTest.Equal, ofTest.Near);
    }

    private static (int Equal, int Near) Judge(
        TrainingFileContent[] sources, TrainingFileContent? heldOut, Func<TrainingFileContent, ExampleSet> setOf, FindingLog findings, CancellationToken cancellationToken)
    {
        if (heldOut is null)
        {
            return (0, 0);
        }

        var set = setOf(heldOut);
        var leaks = new Dictionary<int, (string File, int Line, double Similarity)>();
        foreach (var source in sources)
        {
            Find(source.Name, setOf(source), set, leaks, cancellationToken);
        }

        var (equal, near) = (0, 0);
        for (var i = 0; i < set.Examples.Count; i++)
        {
            if (!leaks.TryGetValue(set.FirstOfInput(i), out var leak))
            {
                continue;
            }

            var isEqual = leak.Similarity >= 1;
            equal += isEqual ? 1 : 0;
            near += isEqual ? 0 : 1;
            findings.Add(
                isEqual ? FindingCode.Leakage : FindingCode.NearLeakage, heldOut.Name, set.Examples[i].Line, "",
                isEqual
                    ? $"The input is also in line {leak.Line} of the {leak.File} file."
                    : string.Create(CultureInfo.InvariantCulture, $"The input is nearly that of line {leak.Line} of the {leak.File} file (similarity {leak.Similarity:0.00})."),
                $"Take it out of one of them: results on the {heldOut.Name} file are too good by it.");
        }

        return (equal, near);
    }

    private static void Find(
        string source, ExampleSet sourceSet, ExampleSet heldOut, Dictionary<int, (string File, int Line, double Similarity)> leaks, CancellationToken cancellationToken)
    {
        var inputs = new Dictionary<UInt128, int>();
        foreach (var i in sourceSet.Distinct)
        {
            inputs.Add(sourceSet.Keys[i].Input, sourceSet.Examples[i].Line);
        }

        foreach (var i in heldOut.Distinct)
        {
            if (inputs.TryGetValue(heldOut.Keys[i].Input, out var line))
            {
                Keep(i, line, 1);
            }
        }

        SimilarPairs.Between(
            sourceSet.Sketches, heldOut.Sketches,
            (left, right, similarity) => Keep(heldOut.Distinct[right], sourceSet.Examples[sourceSet.Distinct[left]].Line, Math.Min(similarity, BelowEqual)),
            cancellationToken);

        void Keep(int example, int line, double similarity)
        {
            if (!leaks.TryGetValue(example, out var known) || known.Similarity < similarity)
            {
                leaks[example] = (source, line, similarity);
            }
        }
    }

    /// <summary>Different texts may have the same set of runs.</summary>
    private const double BelowEqual = 0.99;
}
