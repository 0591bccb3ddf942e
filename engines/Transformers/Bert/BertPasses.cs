using System.Collections.Concurrent;
using RagPlatform.Numerics.Threads;

namespace RagPlatform.Transformers.Bert;

/// <summary>What is made of an input's last hidden states [tokens, hidden].</summary>
internal delegate TResult HiddenReader<in TInput, out TResult>(TInput input, ReadOnlySpan<float> hidden);

/// <summary>Forward passes over many inputs on several threads. Thread-safe; an input's result does not depend on the others.</summary>
internal sealed class BertPasses(BertEncoder encoder)
{
    private readonly ConcurrentBag<BertScratch> scratches = [];

    public BertEncoder Encoder => encoder;

    /// <summary>The results, in the order of the inputs.</summary>
    /// <param name="inputs">Each of at most as many tokens as the encoder has positions.</param>
    /// <param name="textOf">What the encoder reads of an input.</param>
    /// <param name="read">Makes the result.</param>
    /// <param name="threads">At most so many work at a time, on one pass or several; at least 1.</param>
    /// <param name="cancellationToken">Looked at between passes.</param>
    /// <param name="adapter">Beside the weights; null for none.</param>
    public TResult[] Run<TInput, TResult>(
        IReadOnlyList<TInput> inputs, Func<TInput, BertText> textOf, HiddenReader<TInput, TResult> read, int threads, CancellationToken cancellationToken,
        EncoderAdapter? adapter = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        cancellationToken.ThrowIfCancellationRequested();
        var texts = inputs.Select(textOf).ToArray();
        var plan = PassPlan.For([.. texts.Select(text => text.Ids.Length)], threads);
        var results = new TResult[inputs.Count];
        if (plan.ThreadsPerPass > 1 || plan.Passes.Length <= 1 || threads == 1)
        {
            using var team = ThreadTeam.OnPool(plan.ThreadsPerPass);
            foreach (var pass in plan.Passes)
            {
                Forward(pass, team);
            }
        }
        else
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
            var next = -1;
            Parallel.For(0, Math.Min(threads, plan.Passes.Length), options, _ =>
            {
                using var alone = ThreadTeam.OnPool(1);
                int taken;
                while ((taken = Interlocked.Increment(ref next)) < plan.Passes.Length)
                {
                    Forward(plan.Passes[taken], alone);
                }
            });
        }
        return results;

        void Forward(int[] pass, ThreadTeam team)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var passTexts = Array.ConvertAll(pass, i => texts[i]);
            var scratch = Rent(passTexts.Sum(text => text.Ids.Length));
            var hidden = encoder.Forward(passTexts, scratch, team, adapter);
            foreach (var i in pass)
            {
                var length = texts[i].Ids.Length * encoder.Config.HiddenSize;
                results[i] = read(inputs[i], hidden[..length]);
                hidden = hidden[length..];
            }
            scratches.Add(scratch);
        }
    }

    /// <summary>One that is large enough; one that is not is left to the garbage collector.</summary>
    private BertScratch Rent(int rows) =>
        scratches.TryTake(out var free) && free.MaxRows >= rows ? free : new BertScratch(encoder.Config, PassPlan.RoundedRows(rows), encoder.Precision);
}
