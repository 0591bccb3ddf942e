namespace RagPlatform.FineTuning.Loop;

/// <summary>
/// Batches of examples of like length: little is padded or wasted. Examples are shuffled, cut into pools of some batches,
/// sorted by length within each, cut into batches, and the batches shuffled; so an epoch stays random beyond a pool.
/// </summary>
public static class LengthBuckets
{
    /// <summary>Batches of a pool: the more, the more alike are a batch's lengths, and the less random is what meets in it.</summary>
    private const int PoolBatches = 32;

    /// <param name="exampleTokens">Of each example, at least 1.</param>
    /// <param name="batchExamples">At most so many in a batch; at least 1.</param>
    /// <param name="batchTokens">At most so many in a batch, its longest example's times their number; a longer example is alone.</param>
    /// <param name="seed">Of the run and the epoch.</param>
    /// <returns>Every example in exactly one batch; none empty.</returns>
    public static IReadOnlyList<int[]> Plan(IReadOnlyList<int> exampleTokens, int batchExamples, int batchTokens, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchExamples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchTokens, 1);
        var order = RandomSeed.Permutation(RandomSeed.Derive(seed, 0), exampleTokens.Count);
        var batches = new List<int[]>();
        var pool = (int)Math.Min(order.Length, (long)PoolBatches * batchExamples);
        for (var from = 0; from < order.Length; from += pool)
        {
            // Ties keep the shuffled order: the sort is stable.
            var sorted = order.Skip(from).Take(pool).OrderBy(example => exampleTokens[example]).ToArray();
            Cut(sorted, exampleTokens, batchExamples, batchTokens, batches);
        }

        return [.. RandomSeed.Permutation(RandomSeed.Derive(seed, 1), batches.Count).Select(batch => batches[batch])];
    }

    private static void Cut(int[] sorted, IReadOnlyList<int> exampleTokens, int batchExamples, int batchTokens, List<int[]> batches)
    {
        var from = 0;
        for (var to = 1; to <= sorted.Length; to++)
        {
            // The next is the longest of those up to it.
            if (to == sorted.Length || to - from == batchExamples || (to - from + 1L) * exampleTokens[sorted[to]] > batchTokens)
            {
                batches.Add(sorted[from..to]);
                from = to;
            }
        }
    }
}
