using System.Collections.Concurrent;

namespace RagPlatform.Transformers.Bert;

/// <summary>Forward passes over many inputs on several threads. Thread-safe; an input's result does not depend on the others.</summary>
internal sealed class BertPasses(BertEncoder encoder, int maxTokens)
{
    private readonly ConcurrentBag<BertScratch> scratches = [];

    public BertEncoder Encoder => encoder;

    /// <summary>The results, in the order of the inputs.</summary>
    /// <param name="inputs">Of at most maxTokens tokens each.</param>
    /// <param name="lengthOf">An input's number of tokens.</param>
    /// <param name="pass">Computes one input; the scratch is its own until it returns.</param>
    /// <param name="threads">At most so many work at a time; at least 1.</param>
    /// <param name="cancellationToken">Looked at between inputs.</param>
    public TResult[] Run<TInput, TResult>(
        IReadOnlyList<TInput> inputs, Func<TInput, int> lengthOf, Func<TInput, BertScratch, TResult> pass, int threads, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        cancellationToken.ThrowIfCancellationRequested();

        // Longest first, so that no thread is left with a long text when the others have finished.
        var order = Enumerable.Range(0, inputs.Count).ToArray();
        Array.Sort(order, (left, right) => lengthOf(inputs[right]) - lengthOf(inputs[left]));
        var results = new TResult[inputs.Count];
        var next = -1;
        var workers = Math.Min(threads, inputs.Count);
        if (workers <= 1)
        {
            Work();
        }
        else
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellationToken };
            Parallel.For(0, workers, options, _ => Work());
        }
        return results;

        void Work()
        {
            var scratch = scratches.TryTake(out var free) ? free : new BertScratch(encoder.Config, maxTokens);
            int taken;
            while ((taken = Interlocked.Increment(ref next)) < order.Length && !cancellationToken.IsCancellationRequested)
            {
                results[order[taken]] = pass(inputs[order[taken]], scratch);
            }
            scratches.Add(scratch);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
