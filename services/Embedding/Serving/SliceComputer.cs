namespace RagPlatform.Embedding.Serving;

/// <summary>
/// Computes the slices of a model's queue and gives each job its outputs. A caller who leaves stops a slice only where it
/// is all his; what fails for several is tried for each alone. Thread-safe.
/// </summary>
/// <param name="computation">The model's.</param>
/// <param name="time">Measures.</param>
/// <param name="end">Ends a job: with a failure, or with null when its caller left.</param>
/// <param name="computed">Told of every slice that was computed, how many tokens it had and how long all of the model's threads would have taken.</param>
/// <param name="stopping">The service's end.</param>
internal sealed class SliceComputer<TInput, TOutput>(
    IModelComputation<TInput, TOutput> computation,
    TimeProvider time,
    Action<ModelJob<TInput, TOutput>, Exception?> end,
    Action<int, TimeSpan> computed,
    CancellationToken stopping)
{
    /// <param name="slice">At least one part.</param>
    /// <param name="threads">That compute it.</param>
    /// <param name="share">The part of the model's threads that they are; at most 1.</param>
    public void Compute(IReadOnlyList<SlicePart<TInput, TOutput>> slice, int threads, double share)
    {
        if (slice is [var only])
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(only.Job.Cancellation, stopping);
            TryCompute(slice, threads, share, failure => end(only.Job, WhyEnded(only.Job, failure)), either.Token);
            return;
        }

        TryCompute(
            slice,
            threads,
            share,
            _ =>
            {
                foreach (var part in slice)
                {
                    Compute([part], threads, share);
                }
            },
            stopping);
    }

    private void TryCompute(
        IReadOnlyList<SlicePart<TInput, TOutput>> slice, int threads, double share, Action<Exception> failed, CancellationToken cancellationToken)
    {
        try
        {
            var start = time.GetTimestamp();
            var outputs = computation.Compute([.. slice.SelectMany(part => part.Inputs)], threads, cancellationToken);
            var elapsed = time.GetElapsedTime(start) * share;
            computed(slice.Sum(part => part.Tokens), elapsed);
            var from = 0;
            foreach (var part in slice)
            {
                part.Job.Add(part, outputs.AsSpan(from, part.Inputs.Length), elapsed, time.GetElapsedTime(part.Job.EnqueuedAt));
                from += part.Inputs.Length;
            }
        }
        catch (Exception exception)
        {
            failed(exception);
        }
    }

    private Exception? WhyEnded(ModelJob<TInput, TOutput> job, Exception failure) =>
        failure is OperationCanceledException && job.Cancellation.IsCancellationRequested ? null
        : stopping.IsCancellationRequested ? EmbeddingErrors.Stopping()
        : failure;
}
