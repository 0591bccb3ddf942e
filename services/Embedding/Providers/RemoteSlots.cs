using RagPlatform.Embedding.Serving;

namespace RagPlatform.Embedding.Providers;

/// <summary>
/// Who may ask a provider, and how many may wait: at most MaxConcurrency requests at once, of which passages leave one to
/// queries, and as many texts and tokens in all as may wait for a model of our own, queries and passages each.
/// </summary>
internal sealed class RemoteSlots(string modelId, int maxConcurrency, EmbeddingOptions service, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim requests = new(maxConcurrency);
    private readonly SemaphoreSlim passageRequests = new(Math.Max(1, maxConcurrency - 1));
    private readonly Lock gate = new();
    private readonly DrainRate drainRate = new();
    private readonly Dictionary<JobPriority, (int Texts, int Tokens)> admitted = [];

    /// <summary>Takes the texts in; dispose it when they are done.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">Too much is waiting, or these would never fit.</exception>
    public IDisposable Admit(int texts, int tokens, JobPriority priority, bool refuseWhenFull)
    {
        if (refuseWhenFull && tokens > service.QueueCapacityTokens)
        {
            throw EmbeddingErrors.BatchTooLarge(tokens, service.QueueCapacityTokens);
        }

        lock (gate)
        {
            var now = admitted.GetValueOrDefault(priority);
            var state = QueueState.WhenFull(now.Texts, now.Tokens, texts, tokens, service);
            if (refuseWhenFull && state is not null)
            {
                EmbeddingTelemetry.Refused(modelId, priority);
                throw EmbeddingErrors.QueueFull(texts, tokens, state, service, drainRate.NextDelay(state.TokensToDrain, tokens));
            }

            Count(texts, tokens, priority);
        }

        return new Lease(() =>
        {
            lock (gate)
            {
                Count(-texts, -tokens, priority);
            }
        });
    }

    /// <summary>Waits for its turn; dispose it when the request is done.</summary>
    /// <param name="tokens">In the request.</param>
    /// <param name="priority">Of the request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IDisposable> EnterAsync(int tokens, JobPriority priority, CancellationToken cancellationToken)
    {
        if (priority is JobPriority.Passage)
        {
            await passageRequests.WaitAsync(cancellationToken);
        }

        try
        {
            await requests.WaitAsync(cancellationToken);
        }
        catch when (priority is JobPriority.Passage)
        {
            passageRequests.Release();
            throw;
        }

        var start = time.GetTimestamp();
        return new Lease(() => Leave(tokens, priority, time.GetElapsedTime(start)));
    }

    public void Dispose()
    {
        requests.Dispose();
        passageRequests.Dispose();
    }

    private void Leave(int tokens, JobPriority priority, TimeSpan elapsed)
    {
        requests.Release();
        if (priority is JobPriority.Passage)
        {
            passageRequests.Release();
        }

        lock (gate)
        {
            // So many others drain the queue beside it.
            drainRate.Add(tokens, elapsed / maxConcurrency);
        }
    }

    private void Count(int texts, int tokens, JobPriority priority)
    {
        var now = admitted.GetValueOrDefault(priority);
        admitted[priority] = (now.Texts + texts, now.Tokens + tokens);
        if (admitted.Values.All(count => count.Texts == 0))
        {
            drainRate.ForgetRefused();
        }

        EmbeddingTelemetry.QueueChanged(modelId, texts, tokens);
    }

    private sealed class Lease(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
