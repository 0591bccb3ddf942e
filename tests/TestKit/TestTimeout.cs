namespace RagPlatform.TestKit;

/// <summary>Every await in a test has a limit, and the message says which phase missed it.</summary>
public static class TestTimeout
{
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    public static async Task WithTimeout(this Task task, string phase, TimeSpan? limit = null)
    {
        try
        {
            await task.WaitAsync(limit ?? Default);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{phase} did not finish within {(limit ?? Default).TotalSeconds} seconds.", exception);
        }
    }

    public static async Task<T> WithTimeout<T>(this Task<T> task, string phase, TimeSpan? limit = null)
    {
        await ((Task)task).WithTimeout(phase, limit);
        return await task;
    }

    /// <summary>Asks again until the condition holds: for what another process does and cannot signal.</summary>
    public static async Task EventuallyAsync(Func<Task<bool>> condition, string phase, TimeSpan? limit = null)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(deadline) > (limit ?? Default))
            {
                throw new TimeoutException($"{phase} did not come true within {(limit ?? Default).TotalSeconds} seconds.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }
}
