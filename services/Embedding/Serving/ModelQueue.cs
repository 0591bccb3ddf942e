namespace RagPlatform.Embedding.Serving;

/// <summary>What <see cref="ModelQueues"/> needs of a queue, whatever its model computes.</summary>
internal interface IModelQueue
{
    /// <summary>Tells whoever waits that the service stops, and returns when the slice being computed has ended.</summary>
    Task StopAsync();
}

/// <summary>
/// The one way to a model. Inputs wait here and are computed in slices of at most BatchTokens tokens (more where the model
/// reads more in 20 ms), from one caller or several, one slice after the other on the threads that the budget gives. Who
/// leaves is forgotten at once, but for what the slice under way holds of his. The worker runs only while something waits.
/// </summary>
internal sealed class ModelQueue<TInput, TOutput>(
    IModelComputation<TInput, TOutput> computation, ThreadBudget budget, EmbeddingOptions options, TimeProvider time, CancellationToken stopping) : IModelQueue
{
    /// <summary>A fast model is not to spend its time on making slices.</summary>
    private static readonly TimeSpan MinSliceTime = TimeSpan.FromMilliseconds(20);

    private readonly Lock gate = new();
    private readonly WaitingJobs<TInput, TOutput> waiting = new(options);
    private readonly DrainRate drainRate = new();
    private TaskCompletionSource sliceFilled = new();
    private Task worker = Task.CompletedTask;
    private bool working;

    /// <summary>Waits for its turn and returns the outputs. Cancelling gives the place back at once.</summary>
    /// <param name="inputs">At least one.</param>
    /// <param name="priority">Its place.</param>
    /// <param name="refuseWhenFull">False only for callers whose own number is bounded: they wait instead.</param>
    /// <param name="cancellationToken">Ends the wait and the computation.</param>
    /// <exception cref="Grpc.Errors.ServiceException">The queue is full, the inputs would never fit, or the service stops.</exception>
    public async Task<JobResult<TOutput>> RunAsync(IReadOnlyList<TInput> inputs, JobPriority priority, bool refuseWhenFull, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var job = new ModelJob<TInput, TOutput>(inputs, computation.TokenCount, priority, time.GetTimestamp(), cancellationToken);
        if (refuseWhenFull && job.WaitingTokens > options.QueueCapacityTokens)
        {
            throw EmbeddingErrors.BatchTooLarge(job.WaitingTokens, options.QueueCapacityTokens);
        }

        Enqueue(job, refuseWhenFull);
        using (cancellationToken.UnsafeRegister(_ => Remove(job), null))
        {
            return await job.Result;
        }
    }

    public Task StopAsync()
    {
        foreach (var job in Locked(() => waiting.All.ToArray()))
        {
            Remove(job, EmbeddingErrors.Stopping());
        }

        return worker;
    }

    private void Enqueue(ModelJob<TInput, TOutput> job, bool refuseWhenFull)
    {
        lock (gate)
        {
            if (stopping.IsCancellationRequested)
            {
                throw EmbeddingErrors.Stopping();
            }

            if (refuseWhenFull && waiting.IsFullFor(job, out var state))
            {
                EmbeddingTelemetry.Refused(computation.ModelId, job.Priority);
                throw EmbeddingErrors.QueueFull(job.WaitingInputs, job.WaitingTokens, state, options, drainRate.NextDelay(state.TokensToDrain, job.WaitingTokens));
            }

            waiting.Add(job);
            EmbeddingTelemetry.QueueChanged(computation.ModelId, job.WaitingInputs, job.WaitingTokens);
            if (waiting.Tokens >= options.BatchTokens)
            {
                sliceFilled.TrySetResult();
            }

            if (!working)
            {
                working = true;
                worker = Task.Run(WorkAsync, CancellationToken.None);
            }
        }
    }

    private async Task WorkAsync()
    {
        while (true)
        {
            await FillAsync();
            var slice = Locked(TakeSlice);
            if (slice.Count == 0)
            {
                return;
            }

            Compute(slice);
        }
    }

    /// <summary>Waits for more callers until a slice is full or its oldest job has waited BatchDelayMilliseconds.</summary>
    private async Task FillAsync()
    {
        TimeSpan left;
        Task filled;
        lock (gate)
        {
            if (options.BatchDelayMilliseconds == 0 || waiting.Inputs == 0 || waiting.Tokens >= options.BatchTokens)
            {
                return;
            }

            left = TimeSpan.FromMilliseconds(options.BatchDelayMilliseconds) - time.GetElapsedTime(waiting.All.Min(job => job.EnqueuedAt));
            sliceFilled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            filled = sliceFilled.Task;
        }

        if (left > TimeSpan.Zero)
        {
            await filled.WaitAsync(left, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private int MaxSliceTokens => (int)Math.Clamp(drainRate.TokensIn(MinSliceTime), options.BatchTokens, EmbeddingOptions.MaxBatchTokens);

    /// <summary>An empty slice ends the worker; the next job begins another.</summary>
    private List<SlicePart<TInput, TOutput>> TakeSlice()
    {
        var slice = waiting.TakeSlice(MaxSliceTokens);
        working = slice.Count > 0;
        if (!working)
        {
            drainRate.ForgetRefused();
        }

        foreach (var part in slice)
        {
            EmbeddingTelemetry.QueueChanged(computation.ModelId, -part.Inputs.Length, -part.Tokens);
            EmbeddingTelemetry.Waited(computation.ModelId, part.Job.Priority, time.GetElapsedTime(part.Job.EnqueuedAt));
        }

        return slice;
    }

    /// <summary>A caller who leaves stops a slice only where it is all his; what fails for several is tried for each alone.</summary>
    private void Compute(List<SlicePart<TInput, TOutput>> slice)
    {
        if (slice is [var only])
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(only.Job.Cancellation, stopping);
            TryCompute(slice, failure => Remove(only.Job, stopping.IsCancellationRequested ? EmbeddingErrors.Stopping() : failure), either.Token);
        }
        else
        {
            TryCompute(slice, _ => slice.ForEach(part => Compute([part])), stopping);
        }
    }

    private void TryCompute(List<SlicePart<TInput, TOutput>> slice, Action<Exception> failed, CancellationToken cancellationToken)
    {
        try
        {
            var start = time.GetTimestamp();
            var outputs = ComputeOnBudget([.. slice.SelectMany(part => part.Inputs)], cancellationToken);
            var elapsed = time.GetElapsedTime(start);
            var tokens = slice.Sum(part => part.Tokens);
            Locked(() => drainRate.Add(tokens, elapsed));
            EmbeddingTelemetry.Computed(computation.ModelId, tokens, MaxSliceTokens);
            var from = 0;
            foreach (var part in slice)
            {
                part.Job.Add(part, outputs.AsSpan(from, part.Inputs.Length), elapsed, time.GetElapsedTime(part.Job.EnqueuedAt));
                from += part.Inputs.Length;
            }
        }
        catch (OperationCanceledException) when (slice is [{ Job.Cancellation.IsCancellationRequested: true } left])
        {
            Remove(left.Job);
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

    private void Remove(ModelJob<TInput, TOutput> job, Exception? failure = null)
    {
        lock (gate)
        {
            if (waiting.Remove(job))
            {
                EmbeddingTelemetry.QueueChanged(computation.ModelId, -job.WaitingInputs, -job.WaitingTokens);
            }
        }

        if (failure is null)
        {
            job.Cancel();
        }
        else
        {
            job.Fail(failure);
        }
    }

    private void Locked(Action change)
    {
        lock (gate)
        {
            change();
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (gate)
        {
            return read();
        }
    }
}
