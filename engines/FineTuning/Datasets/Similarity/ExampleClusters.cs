namespace RagPlatform.FineTuning.Datasets.Similarity;

/// <summary>Which examples of a set have the same input or nearly so, over any number of steps.</summary>
internal sealed class ExampleClusters
{
    private ExampleClusters(DisjointSets sets, IReadOnlyDictionary<int, (int Earlier, double Similarity)> nearest)
    {
        (Sets, Nearest) = (sets, nearest);
    }

    /// <summary>Of the examples' places.</summary>
    public DisjointSets Sets { get; }

    /// <summary>By an example's place, an earlier one of nearly the same input, and how similar they are. Only the first of equal inputs is here.</summary>
    public IReadOnlyDictionary<int, (int Earlier, double Similarity)> Nearest { get; }

    public static ExampleClusters Of(ExampleSet set, CancellationToken cancellationToken)
    {
        var sets = new DisjointSets(set.Examples.Count);
        for (var i = 0; i < set.Examples.Count; i++)
        {
            sets.Join(i, set.FirstOfInput(i));
        }

        var nearest = new Dictionary<int, (int Earlier, double Similarity)>();
        SimilarPairs.Within(
            set.Sketches,
            (left, right) => sets.Find(set.Distinct[left]) == sets.Find(set.Distinct[right]),
            (left, right, similarity) =>
            {
                var (earlier, later) = (set.Distinct[left], set.Distinct[right]);
                sets.Join(earlier, later);
                if (!nearest.TryGetValue(later, out var known) || known.Similarity < similarity)
                {
                    nearest[later] = (earlier, similarity);
                }
            },
            cancellationToken);
        return new ExampleClusters(sets, nearest);
    }
}
