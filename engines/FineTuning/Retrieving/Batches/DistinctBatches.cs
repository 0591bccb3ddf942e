using RagPlatform.FineTuning.Loop;

namespace RagPlatform.FineTuning.Retrieving.Batches;

/// <summary>
/// Batches in which no query and no answer comes twice: two claims about one document would otherwise meet again and
/// again, and have each other's answer among their negatives or out of them.
/// </summary>
internal static class DistinctBatches
{
    /// <summary>Batches that are filled at a time; an example that fits in none of them closes the fullest.</summary>
    private const int OpenBatches = 64;

    /// <param name="examples">At least one.</param>
    /// <param name="size">Examples of a batch at most; at least 1.</param>
    /// <param name="seed">Of the epoch.</param>
    /// <returns>Places of examples, every one in exactly one batch, in an order that is the seed's.</returns>
    public static IReadOnlyList<int[]> Plan(IReadOnlyList<ContrastiveExample> examples, int size, ulong seed)
    {
        var closed = new List<int[]>();
        var open = new List<Batch>();
        foreach (var example in RandomSeed.Permutation(RandomSeed.Derive(seed, 0), examples.Count))
        {
            var batch = open.Find(batch => batch.Fits(examples[example]));
            if (batch is null)
            {
                if (open.Count == OpenBatches)
                {
                    Close(open.MaxBy(each => each.Members.Count)!);
                }
                open.Add(batch = new Batch());
            }
            batch.Add(example, examples[example]);
            if (batch.Members.Count == size)
            {
                Close(batch);
            }
        }
        closed.AddRange(open.Select(batch => batch.Members.ToArray()));
        return [.. RandomSeed.Permutation(RandomSeed.Derive(seed, 1), closed.Count).Select(batch => closed[batch])];

        void Close(Batch batch)
        {
            open.Remove(batch);
            closed.Add([.. batch.Members]);
        }
    }

    private sealed class Batch
    {
        private readonly HashSet<int> queries = [];
        private readonly HashSet<int> positives = [];

        public List<int> Members { get; } = [];

        public bool Fits(ContrastiveExample example) => !queries.Contains(example.Query) && !positives.Contains(example.Positive);

        public void Add(int place, ContrastiveExample example)
        {
            queries.Add(example.Query);
            positives.Add(example.Positive);
            Members.Add(place);
        }
    }
}
