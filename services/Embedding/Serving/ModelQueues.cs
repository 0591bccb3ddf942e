using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace RagPlatform.Embedding.Serving;

/// <summary>
/// One queue and worker for every model in memory, so that a slow model holds up nobody else's; they share the threads.
/// A queue is made when its model is first used and goes with it.
/// </summary>
internal sealed class ModelQueues(IOptions<EmbeddingOptions> options, TimeProvider time) : IHostedService, IDisposable
{
    private readonly ConditionalWeakTable<object, IModelQueue> queues = [];
    private readonly ThreadBudget budget = new(options.Value.Threads);
    private readonly CancellationTokenSource stopping = new();

    /// <summary>The queue that leads to this computation. Use one computation a model.</summary>
    public ModelQueue<TInput, TOutput> Of<TInput, TOutput>(IModelComputation<TInput, TOutput> computation) =>
        (ModelQueue<TInput, TOutput>)queues.GetValue(
            computation, _ => new ModelQueue<TInput, TOutput>(computation, budget, options.Value, time, stopping.Token));

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await Task.WhenAll(queues.Select(queue => queue.Value.StopAsync())).WaitAsync(cancellationToken);
    }

    public void Dispose() => stopping.Dispose();
}
