namespace RagPlatform.FineTuning.Datasets.Similarity;

/// <summary>Numbers from 0, joined into sets (union-find with path halving).</summary>
internal sealed class DisjointSets(int count)
{
    private readonly int[] parents = [.. Enumerable.Range(0, count)];

    /// <summary>The least number of the set.</summary>
    public int Find(int item)
    {
        while (parents[item] != item)
        {
            item = parents[item] = parents[parents[item]];
        }

        return item;
    }

    public void Join(int left, int right)
    {
        var (a, b) = (Find(left), Find(right));
        (a, b) = (Math.Min(a, b), Math.Max(a, b));
        parents[b] = a;
    }
}
