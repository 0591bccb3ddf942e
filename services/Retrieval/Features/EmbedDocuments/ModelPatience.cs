using RagPlatform.Grpc.Errors;

namespace RagPlatform.Retrieval.Features.EmbedDocuments;

/// <summary>Waits for a model that is on disk and still being loaded, as after a start: whoever asked need not fail for that.</summary>
internal sealed class ModelPatience(TimeProvider time)
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <exception cref="ServiceException">The call's, unless it is that the model is not ready yet; that, too, after <see cref="Limit"/>.</exception>
    public async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        var begin = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await call();
            }
            catch (ServiceException exception) when (exception.Code == RetrievalErrors.ModelNotReadyCode && time.GetElapsedTime(begin) < Limit)
            {
                await Task.Delay(Interval, time, cancellationToken);
            }
        }
    }
}
