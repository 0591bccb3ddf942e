using RagPlatform.Grpc.Errors;

namespace RagPlatform.Retrieval.Features.EmbedDocuments;

/// <summary>Waits for a service or store that is down or busy, rather than lose hours of work to it.</summary>
internal sealed class DependencyPatience(TimeProvider time)
{
    private const int MaxTries = 10;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    /// <summary>Does the work, up to ten times, over some three minutes.</summary>
    /// <exception cref="ServiceException">One that waiting does not mend, or the last one.</exception>
    public async Task RetryAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await work();
                return;
            }
            catch (ServiceException exception) when (MayPass(exception) && attempt < MaxTries)
            {
                var delay = TimeSpan.FromSeconds(Math.Pow(2, attempt - 1));
                await Task.Delay(delay < LongestDelay ? delay : LongestDelay, time, cancellationToken);
            }
        }
    }

    /// <summary>A collection that was given another index meanwhile keeps it.</summary>
    private static bool MayPass(ServiceException exception) =>
        exception.Kind is FailureKind.Unavailable or FailureKind.ResourceExhausted && exception.Code != RetrievalErrors.CollectionChangedCode;
}
