namespace RagPlatform.Transformers.Bert;

/// <summary>
/// Which texts go through the layers together. Short ones share a pass, so that the weights, which do not fit the nearer
/// caches, are fetched once for about a hundred rows. Passes run side by side on a thread each, unless one text is too
/// much of the work for that: then all threads share each pass.
/// </summary>
/// <param name="Passes">The texts of each pass, by their place; the longest pass first.</param>
/// <param name="ThreadsPerPass">1: passes run side by side.</param>
internal sealed record PassPlan(int[][] Passes, int ThreadsPerPass)
{
    private const int PassRows = 128;
    private const int RowUnit = 64;

    // A step of a pass is some microseconds long; more threads wait for each other longer than they help.
    private const int MostThreadsPerPass = 16;

    public static PassPlan For(int[] lengths, int threads)
    {
        var total = lengths.Sum(length => (long)length);
        // A thread's fair share and half as much again is where waiting for the longest costs more than sharing it.
        var shared = threads > 1 && lengths.Length > 0 && 2L * threads * lengths.Max() > 3 * total;
        var sideBySide = shared ? 1 : Math.Min(threads, lengths.Length);
        var count = (int)Math.Min(lengths.Length, (total + PassRows - 1) / PassRows);
        var passes = Enumerable.Range(0, Math.Min(lengths.Length, RoundUp(count, sideBySide))).Select(_ => new List<int>()).ToArray();
        var least = new PriorityQueue<int, (long Rows, int Pass)>(passes.Select((_, pass) => (pass, (0L, pass))));
        var loads = new long[passes.Length];
        foreach (var text in Enumerable.Range(0, lengths.Length).OrderByDescending(text => lengths[text]))
        {
            var pass = least.Dequeue();
            passes[pass].Add(text);
            loads[pass] += lengths[text];
            least.Enqueue(pass, (loads[pass], pass));
        }
        return new PassPlan([.. passes.Index().OrderByDescending(pass => loads[pass.Index]).Select(pass => pass.Item.ToArray())], shared ? Math.Min(threads, MostThreadsPerPass) : 1);
    }

    /// <summary>Scratch is made a little too large, to serve the next passes too.</summary>
    public static int RoundedRows(int rows) => RoundUp(Math.Max(rows, PassRows + RowUnit), RowUnit);

    private static int RoundUp(int number, int unit) => unit == 0 ? number : (number + unit - 1) / unit * unit;
}
