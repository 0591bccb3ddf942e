using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Loop;

namespace RagPlatform.FineTuneJobs.Datasets;

/// <summary>Splits by a hash of the seed and the group, or the line where there is no group.</summary>
internal static class SeededSplit
{
    public static (List<TrainingExample> Training, List<TrainingExample> Validation, List<TrainingExample> Test) Split(
        IReadOnlyList<TrainingExample> examples, double validationShare, double testShare, ulong seed)
    {
        var order = examples.GroupBy(example => example.Group.Length > 0 ? example.Group : $"\0{example.Line}", StringComparer.Ordinal)
            .OrderBy(group => RandomSeed.Derive(seed, (ulong)group.First().Line)).ToList();
        var (training, validation, test) = (new List<TrainingExample>(), new List<TrainingExample>(), new List<TrainingExample>());
        foreach (var group in order)
        {
            (validation.Count < validationShare * examples.Count - 0.5 ? validation : test.Count < testShare * examples.Count - 0.5 ? test : training).AddRange(group);
        }

        return (training, validation, test);
    }
}
