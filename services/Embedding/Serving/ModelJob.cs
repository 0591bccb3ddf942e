namespace RagPlatform.Embedding.Serving;

/// <summary>Queries are what somebody waits for; passages are what ingestion brings.</summary>
internal enum JobPriority
{
    Query,
    Passage,
}

/// <param name="Outputs">In the order of the inputs.</param>
/// <param name="QueueMilliseconds">Waited, for the model and between slices.</param>
/// <param name="ModelMilliseconds">Computed.</param>
internal sealed record JobResult<TOutput>(TOutput[] Outputs, double QueueMilliseconds, double ModelMilliseconds);

/// <summary>
/// One caller's inputs on their way through a model's queue, longest first, so that a slice holds inputs of like length.
/// What waits is touched under the queue's lock, what is done by any of its workers.
/// </summary>
internal sealed class ModelJob<TInput, TOutput>
{
    private readonly IReadOnlyList<TInput> inputs;
    private readonly int[] order;
    private readonly int[] tokens;
    private readonly TOutput[] outputs;
    private readonly Lock adding = new();
    private readonly TaskCompletionSource<JobResult<TOutput>> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan modelTime;
    private int taken;
    private int done;

    /// <param name="inputs">At least one.</param>
    /// <param name="tokenCount">Of an input; at least 1.</param>
    /// <param name="priority">Its place.</param>
    /// <param name="enqueuedAt">A timestamp of the queue's clock.</param>
    /// <param name="cancellation">The caller's.</param>
    public ModelJob(IReadOnlyList<TInput> inputs, Func<TInput, int> tokenCount, JobPriority priority, long enqueuedAt, CancellationToken cancellation)
    {
        this.inputs = inputs;
        outputs = new TOutput[inputs.Count];
        order = [.. Enumerable.Range(0, inputs.Count)];
        tokens = [.. inputs.Select(tokenCount)];
        Array.Sort([.. tokens.Select(count => -count)], order);
        WaitingTokens = tokens.Sum();
        Priority = priority;
        EnqueuedAt = enqueuedAt;
        Cancellation = cancellation;
    }

    public JobPriority Priority { get; }

    public long EnqueuedAt { get; }

    public CancellationToken Cancellation { get; }

    public Task<JobResult<TOutput>> Result => completion.Task;

    /// <summary>Inputs that no slice has taken yet.</summary>
    public int WaitingInputs => inputs.Count - taken;

    /// <summary>Tokens of the inputs that no slice has taken yet.</summary>
    public int WaitingTokens { get; private set; }

    /// <summary>The next inputs, as many as fit; none when the next one does not.</summary>
    /// <param name="maxTokens">Room in the slice.</param>
    /// <param name="atLeastOne">The slice is empty: an input that is longer than any slice goes alone.</param>
    public SlicePart<TInput, TOutput> Take(int maxTokens, bool atLeastOne)
    {
        var (from, sum) = (taken, 0);
        while (taken < order.Length && (sum + tokens[order[taken]] <= maxTokens || atLeastOne && taken == from))
        {
            sum += tokens[order[taken++]];
        }

        WaitingTokens -= sum;
        var places = order[from..taken];
        return new SlicePart<TInput, TOutput>(this, places, [.. places.Select(place => inputs[place])], sum);
    }

    /// <summary>Keeps a part's outputs; the last part completes the job.</summary>
    /// <param name="part">Of this job.</param>
    /// <param name="computed">One for each of the part's inputs.</param>
    /// <param name="elapsed">Of the whole slice that the part was in, had all of the model's threads computed it.</param>
    /// <param name="sinceEnqueued">How old the job is.</param>
    public void Add(SlicePart<TInput, TOutput> part, ReadOnlySpan<TOutput> computed, TimeSpan elapsed, TimeSpan sinceEnqueued)
    {
        for (var i = 0; i < part.Places.Length; i++)
        {
            outputs[part.Places[i]] = computed[i];
        }

        lock (adding)
        {
            modelTime += elapsed;
            done += part.Places.Length;
            if (done < inputs.Count)
            {
                return;
            }
        }

        var queueTime = sinceEnqueued > modelTime ? sinceEnqueued - modelTime : TimeSpan.Zero;
        completion.TrySetResult(new JobResult<TOutput>(outputs, queueTime.TotalMilliseconds, modelTime.TotalMilliseconds));
    }

    public void Cancel() => completion.TrySetCanceled(Cancellation);

    public void Fail(Exception exception) => completion.TrySetException(exception);
}

/// <summary>A job's part of a slice.</summary>
/// <param name="Job">Whose it is.</param>
/// <param name="Places">Of the inputs within the job.</param>
/// <param name="Inputs">At those places.</param>
/// <param name="Tokens">Of all of them.</param>
internal sealed record SlicePart<TInput, TOutput>(ModelJob<TInput, TOutput> Job, int[] Places, TInput[] Inputs, int Tokens);
