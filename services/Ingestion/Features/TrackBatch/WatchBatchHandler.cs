using System.Runtime.CompilerServices;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.TrackBatch;

/// <summary>How far a batch is, again and again until it rests: soon after a change, never more often than a few times a second.</summary>
public sealed class WatchBatchHandler(BatchesHandler batches, DocumentChanges changes, TimeProvider time)
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(400);

    /// <summary>Rates and remaining times change without an event, too.</summary>
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(2);

    /// <exception cref="Grpc.Errors.ServiceException">NotFound, or InvalidArgument.</exception>
    public async IAsyncEnumerable<BatchStanding> WatchAsync(string tenant, string batchId, int maxFailed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var subscription = changes.SubscribeToAll();
        while (true)
        {
            var standing = batches.Get(tenant, batchId, maxFailed);
            yield return standing;
            if (standing.Estimate.IsAtRest)
            {
                yield break;
            }

            await Task.Delay(ShortestInterval, time, cancellationToken);
            await subscription.WaitAsync(LongestInterval - ShortestInterval, time, cancellationToken);
        }
    }
}
