namespace RagPlatform.Embedding.Serving;

/// <summary>
/// Computes the slices of a model's queue on the threads that the budget gives, and gives each job its outputs. A caller who
/// leaves stops a slice only where it is all his; what fails for several is tried for each alone.
/// </summary>
/// <param name="computation">The model's.</param>
/// <param name="budget">Shared by all models.</param>
/// <param name="time">Measures.</param>
/// <param name="end">Ends a job: with a failure, or with null when its caller left.</param>
/// <param name="computed">Told of every slice that was computed, how many tokens it had and how long it took.</param>
/// <param name="stopping">The service's end.</param>
internal sealed class SliceComputer<TInput, TOutput>(
    IModelComputation<TInput, TOutput> computation,
    ThreadBudget budget,
    TimeProvider time,
    Action<ModelJob<TInput, TOutput>, Exception?> end,
    Action<int, TimeSpan> computed,
    CancellationToken stopping)
{
    public void Compute(IReadOnlyList<SlicePart<TInput, TOutput>> slice)
    {
        if (slice is [var only])
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(only.Job.Cancellation, stopping);
            TryCompute(slice, failure => end(only.Job, WhyEnded(only.Job, failure)), either.Token);
            return;
        }

        TryCompute(
            slice,
            _ =>
            {
                foreach (var part in slice)
                {
                    Compute([part]);
                }
            },
            stopping);
    }

    private void TryCompute(IReadOnlyList<SlicePart<TInput, TOutput>> slice, Action<Exception> failed, CancellationToken cancellationToken)
    {
        try
        {
            var start = time.GetTimestamp();
            var outputs = ComputeOnBudget([.. slice.SelectMany(part => part.Inputs)], cancellationToken);
            var elapsed = time.GetElapsedTime(start);
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

    private TOutput[] ComputeOnBudget(TInput[] inputs, CancellationToken cancellationToken)
    {
        var threads = budget.Take();
        try
        {
            return computation.Compute(inputs, threads, cancellationToken);
        }
        finally
        {
            budget.Return();
        }
    }

    private Exception? WhyEnded(ModelJob<TInput, TOutput> job, Exception failure) =>
        failure is OperationCanceledException && job.Cancellation.IsCancellationRequested ? null
        : stopping.IsCancellationRequested ? EmbeddingErrors.Stopping()
        : failure;
}
