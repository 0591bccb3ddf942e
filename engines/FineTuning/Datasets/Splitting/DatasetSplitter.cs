using RagPlatform.FineTuning.Datasets.Labels;
using RagPlatform.FineTuning.Datasets.Similarity;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuning.Datasets.Splitting;

/// <summary>
/// Splits examples into training, validation and test. Examples of one group, of the same input, or of nearly the same input
/// (Jaccard similarity of 0.8 over runs of five characters, over any number of steps) always come into one part; where all have
/// one and the same input, the answers are compared instead. With
/// stratification every label has about its share in every part, and at least one unit of it is trained on.
/// Which part an example comes into depends on the seed and on the examples' contents, not on the order of the lines (unless more
/// than 16 texts meet in one bucket of the search for near-duplicates, whose bounds follow the order). Within a part the file's order is kept.
/// </summary>
public static class DatasetSplitter
{
    private const int LeastUnitsPerLabel = 2;

    /// <exception cref="TrainingException">CANNOT_SPLIT: a wanted part would be empty; the message says why.</exception>
    public static TrainingSet Split(IReadOnlyList<TrainingExample> examples, SplitSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(settings);
        var set = ExampleSet.Of(examples, ExampleText.Input, cancellationToken);
        return Split(
            set, ExampleClusters.Of(set, cancellationToken), settings.IsStratified ? LabelField.Find(examples, cancellationToken) : null, settings, cancellationToken);
    }

    internal static TrainingSet Split(
        ExampleSet set, ExampleClusters clusters, LabelField? labels, SplitSettings settings, CancellationToken cancellationToken)
    {
        Check(settings.ValidationShare, nameof(settings.ValidationShare));
        Check(settings.TestShare, nameof(settings.TestShare));
        if (set.Distinct.Count == 1 && set.Examples.Count > 1)
        {
            // All are asked the same, as for a style: the answers are what must not leak.
            set = ExampleSet.Of(set.Examples, ExampleText.Output, cancellationToken);
            clusters = ExampleClusters.Of(set, cancellationToken);
        }

        var units = SplitUnit.Of(set, clusters, settings.IsStratified ? labels : null, settings.Seed);
        if (units.Select(unit => unit.Label).Distinct().Count() > units.Count / LeastUnitsPerLabel)
        {
            // What only repeated lines have in common is no label.
            units = SplitUnit.Of(set, clusters, null, settings.Seed);
        }

        var parts = new SplitAssignment(settings).Assign(units);
        Refuse(parts, set, units, settings);
        return new TrainingSet(Of(SplitPart.Training), Of(SplitPart.Validation), Of(SplitPart.Test));

        IReadOnlyList<TrainingExample> Of(SplitPart part) => [.. set.Examples.Where((_, i) => parts[i] == part)];
    }

    private static void Check(double share, string name)
    {
        if (share is not (>= 0 and <= 0.5))
        {
            throw new ArgumentOutOfRangeException(name, share, "The share is 0 to 0.5.");
        }
    }

    private static void Refuse(SplitPart[] parts, ExampleSet set, IReadOnlyList<SplitUnit> units, SplitSettings settings)
    {
        var empty = new List<string>();
        if (!parts.Contains(SplitPart.Training))
        {
            empty.Add("training");
        }

        if (settings.ValidationShare > 0 && !parts.Contains(SplitPart.Validation))
        {
            empty.Add("validation");
        }

        if (settings.TestShare > 0 && !parts.Contains(SplitPart.Test))
        {
            empty.Add("test");
        }

        if (empty.Count > 0)
        {
            var largest = units.Count == 0 ? 0 : units.Max(unit => unit.Examples.Count);
            throw new TrainingException(
                "CANNOT_SPLIT",
                $"The {string.Join(" and ", empty)} part would be empty: {set.Examples.Count:N0} examples are {units.Count:N0} units that stay together (groups, equal and nearly equal inputs); the largest has {largest:N0} examples.",
                "Add examples, raise the share, give validation and test files of your own, or leave groups out.");
        }
    }
}
