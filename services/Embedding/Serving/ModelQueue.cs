namespace RagPlatform.Embedding.Serving;

/// <summary>What <see cref="ModelQueues"/> needs of a queue, whatever its model computes.</summary>
internal interface IModelQueue
{
    /// <summary>Tells whoever waits that the service stops, and returns when the slice being computed has ended.</summary>
    Task StopAsync();
}

/// <summary>
/// The one way to a model. Inputs wait here and are computed in slices, from one caller or several, on the threads that the
/// budget gives: where much waits, every thread has a slice of its own and begins the next when it is done, so that none
/// waits for another; where little waits, all share it. The slices under way have at most BatchTokens tokens (more where the
/// model reads more in 20 ms). Who leaves is forgotten at once, but for what they hold of his. Workers run only while
/// something waits.
/// </summary>
internal sealed class ModelQueue<TInput, TOutput> : IModelQueue
{
    /// <summary>A fast model is not to spend its time on making slices.</summary>
    private static readonly TimeSpan MinSliceTime = TimeSpan.FromMilliseconds(20);

    private readonly IModelComputation<TInput, TOutput> computation;
    private readonly EmbeddingOptions options;
    private readonly TimeProvider time;
    private readonly CancellationToken stopping;
    private readonly ThreadBudget budget;
    private readonly SliceComputer<TInput, TOutput> computer;
    private readonly Lock gate = new();
    private readonly WaitingJobs<TInput, TOutput> waiting;
    private readonly DrainRate drainRate = new();
    private TaskCompletionSource sliceFilled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> workers = [];
    private int working;
    private int busyWorkers;
    private int busyThreads;

    public ModelQueue(
        IModelComputation<TInput, TOutput> computation, ThreadBudget budget, EmbeddingOptions options, TimeProvider time, CancellationToken stopping)
    {
        this.computation = computation;
        this.options = options;
        this.time = time;
        this.stopping = stopping;
        this.budget = budget;
        computer = new SliceComputer<TInput, TOutput>(computation, time, End, Measure, stopping);
        waiting = new WaitingJobs<TInput, TOutput>(options);
    }

    private int MaxSliceTokens => (int)Math.Clamp(drainRate.TokensIn(MinSliceTime), options.BatchTokens, EmbeddingOptions.MaxBatchTokens);

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
        using (cancellationToken.UnsafeRegister(_ => End(job, failure: null), null))
        {
            return await job.Result;
        }
    }

    public Task StopAsync()
    {
        foreach (var job in Locked(() => waiting.All.ToArray()))
        {
            End(job, EmbeddingErrors.Stopping());
        }

        return Task.WhenAll(Locked(workers.ToArray));
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

            StartWorker();
        }
    }

    /// <summary>If a thread is free, or nobody works.</summary>
    private void StartWorker()
    {
        var starting = working - busyWorkers;
        if (working > 0 && busyThreads + starting >= budget.Share)
        {
            return;
        }

        if (working++ == 0)
        {
            budget.Enter();
        }

        workers.RemoveAll(worker => worker.IsCompleted);
        workers.Add(Task.Run(WorkAsync, CancellationToken.None));
    }

    private async Task WorkAsync()
    {
        while (true)
        {
            await FillAsync();
            var (slice, threads, share) = Locked(TakeSlice);
            if (slice.Count == 0)
            {
                return;
            }

            computer.Compute(slice, threads, share);
            lock (gate)
            {
                busyWorkers--;
                busyThreads -= threads;
            }
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
            if (sliceFilled.Task.IsCompleted)
            {
                sliceFilled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            filled = sliceFilled.Task;
        }

        if (left > TimeSpan.Zero)
        {
            await filled.WaitAsync(left, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>An empty slice ends the worker: nothing waits, or others have all threads.</summary>
    /// <returns>The slice, its threads, and the part of the model's threads that they are.</returns>
    private (List<SlicePart<TInput, TOutput>> Slice, int Threads, double Share) TakeSlice()
    {
        var all = budget.Share;
        var free = busyWorkers == 0 ? Math.Max(1, all - busyThreads) : all - busyThreads;
        var threadTokens = Math.Max(1, MaxSliceTokens / all);
        var threads = waiting.Tokens >= (long)free * threadTokens ? 1 : free;
        var slice = free <= 0 ? [] : waiting.TakeSlice(threads * threadTokens);
        if (slice.Count == 0)
        {
            EndWorker();
            return (slice, 0, 0);
        }

        busyWorkers++;
        busyThreads += threads;
        foreach (var part in slice)
        {
            EmbeddingTelemetry.QueueChanged(computation.ModelId, -part.Inputs.Length, -part.Tokens);
            EmbeddingTelemetry.Waited(computation.ModelId, part.Job.Priority, time.GetElapsedTime(part.Job.EnqueuedAt));
        }

        EmbeddingTelemetry.Taken(computation.ModelId, slice.Sum(part => part.Tokens), threads * threadTokens);
        if (waiting.Inputs > 0)
        {
            StartWorker();
        }

        return (slice, threads, (double)threads / all);
    }

    private void EndWorker()
    {
        if (--working == 0)
        {
            budget.Leave();
            drainRate.ForgetRefused();
        }
    }

    private void Measure(int tokens, TimeSpan elapsed)
    {
        lock (gate)
        {
            drainRate.Add(tokens, elapsed);
        }
    }

    /// <param name="job">Waits no more.</param>
    /// <param name="failure">Null when its caller left.</param>
    private void End(ModelJob<TInput, TOutput> job, Exception? failure)
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

    private T Locked<T>(Func<T> read)
    {
        lock (gate)
        {
            return read();
        }
    }
}
