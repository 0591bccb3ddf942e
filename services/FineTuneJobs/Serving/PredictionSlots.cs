using Microsoft.Extensions.Options;
using RagPlatform.FineTuneJobs.Adapters;

namespace RagPlatform.FineTuneJobs.Serving;

/// <summary>How many predictions are computed at once, and how many may wait; who comes when these are full is told when to come back.</summary>
internal sealed class PredictionSlots(IOptions<ServingOptions> options, TimeProvider time) : IDisposable
{
    private const double Weight = 0.1;
    private static readonly TimeSpan MinDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(30);

    private readonly int slots = options.Value.MaxConcurrent > 0 ? options.Value.MaxConcurrent : Environment.ProcessorCount;
    private readonly SemaphoreSlim free = new(options.Value.MaxConcurrent > 0 ? options.Value.MaxConcurrent : Environment.ProcessorCount);
    private int waiting;
    private double meanSeconds;

    /// <summary>Computes in its turn, on a thread of its own.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">ResourceExhausted, with the time that those who wait will take.</exception>
    public async Task<T> RunAsync<T>(Func<T> compute, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref waiting) > options.Value.MaxWaiting + slots)
        {
            Interlocked.Decrement(ref waiting);
            var seconds = Volatile.Read(ref meanSeconds) * options.Value.MaxWaiting / slots;
            throw AdapterErrors.Busy(options.Value.MaxWaiting, TimeSpan.FromSeconds(Math.Clamp(seconds, MinDelay.TotalSeconds, MaxDelay.TotalSeconds)));
        }

        try
        {
            await free.WaitAsync(cancellationToken);
            try
            {
                var began = time.GetTimestamp();
                var result = await Task.Run(compute, cancellationToken);
                Volatile.Write(ref meanSeconds, ((1 - Weight) * Volatile.Read(ref meanSeconds)) + (Weight * time.GetElapsedTime(began).TotalSeconds));
                return result;
            }
            finally
            {
                free.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    public void Dispose() => free.Dispose();
}
