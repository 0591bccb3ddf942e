namespace RagPlatform.AppHost.Local.Running;

/// <summary>Whether and when a service that died is started again: at most 10 times in 10 minutes, ever more slowly.</summary>
internal sealed class RestartPolicy(TimeProvider time)
{
    public const int MaxRestarts = 10;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private readonly Queue<DateTimeOffset> restarts = new();

    /// <returns>How long to wait before the next start; null when it has been restarted too often.</returns>
    public TimeSpan? Next()
    {
        var now = time.GetUtcNow();
        while (restarts.TryPeek(out var oldest) && now - oldest > Window)
        {
            restarts.Dequeue();
        }

        if (restarts.Count == MaxRestarts)
        {
            return null;
        }

        var delay = FirstDelay * Math.Pow(2, restarts.Count);
        restarts.Enqueue(now);
        return delay < LongestDelay ? delay : LongestDelay;
    }
}
