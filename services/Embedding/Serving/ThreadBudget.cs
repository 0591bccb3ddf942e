namespace RagPlatform.Embedding.Serving;

/// <summary>
/// The threads that all models share. A model that computes alone has them all; several have a fair part each, taken anew
/// for every slice, and always one, so that no model waits for another's slice.
/// </summary>
internal sealed class ThreadBudget(int threads)
{
    private int computing;

    /// <summary>Threads for one slice. Give them back with <see cref="Return"/>.</summary>
    public int Take() => Math.Max(1, threads / Interlocked.Increment(ref computing));

    public void Return() => Interlocked.Decrement(ref computing);
}
