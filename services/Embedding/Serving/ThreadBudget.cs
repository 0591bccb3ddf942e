namespace RagPlatform.Embedding.Serving;

/// <summary>
/// The threads that all models share. A model that computes alone has them all; several have a fair part each, and always
/// one, so that no model waits for another's slice.
/// </summary>
internal sealed class ThreadBudget(int threads)
{
    private int computing;

    /// <summary>A model's threads now, if it is one of those that compute.</summary>
    public int Share => Math.Max(1, threads / Math.Max(1, Volatile.Read(ref computing)));

    /// <summary>A model begins to compute. It ends with <see cref="Leave"/>.</summary>
    public void Enter() => Interlocked.Increment(ref computing);

    public void Leave() => Interlocked.Decrement(ref computing);
}
