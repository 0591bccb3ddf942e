using RagPlatform.Client;

namespace RagPlatform.CommandLine.Ingest;

/// <summary>Comes again when the platform says that it helps: it is busy, or one of its services restarts.</summary>
internal static class Patience
{
    private const int AttemptsMax = 20;

    public static async Task<T> RunAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (RagException failure) when (failure.RetryAfter is not null && attempt < AttemptsMax)
            {
                await Task.Delay(failure.RetryAfter.Value, cancellationToken);
            }
        }
    }
}
