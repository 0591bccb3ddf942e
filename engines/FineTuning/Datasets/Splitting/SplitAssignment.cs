namespace RagPlatform.FineTuning.Datasets.Splitting;

/// <summary>Gives units to parts, label by label; what a label's share leaves over is carried to the next.</summary>
internal sealed class SplitAssignment(SplitSettings settings)
{
    private double validationWanted;
    private double testWanted;

    /// <summary>By the examples' places.</summary>
    /// <param name="units">By label, then in random order.</param>
    public SplitPart[] Assign(IReadOnlyList<SplitUnit> units)
    {
        var parts = new SplitPart[units.Sum(unit => unit.Examples.Count)];
        foreach (var label in units.GroupBy(unit => unit.Label))
        {
            AssignLabel([.. label], parts);
        }

        return parts;
    }

    private void AssignLabel(IReadOnlyList<SplitUnit> units, SplitPart[] parts)
    {
        var examples = units.Sum(unit => unit.Examples.Count);
        validationWanted += settings.ValidationShare * examples;
        testWanted += settings.TestShare * examples;
        var left = units.Count;
        foreach (var unit in units)
        {
            // A label's last unit is trained on: what is judged must have been seen.
            if (left == 1)
            {
                break;
            }

            var size = unit.Examples.Count;
            var part = Brings(testWanted, size) ? SplitPart.Test : Brings(validationWanted, size) ? SplitPart.Validation : SplitPart.Training;
            if (part == SplitPart.Training)
            {
                continue;
            }

            left--;
            testWanted -= part == SplitPart.Test ? size : 0;
            validationWanted -= part == SplitPart.Validation ? size : 0;
            foreach (var example in unit.Examples)
            {
                parts[example] = part;
            }
        }
    }

    /// <summary>The part comes nearer to what is wanted of it.</summary>
    private static bool Brings(double wanted, int size) => size < 2 * wanted;
}
