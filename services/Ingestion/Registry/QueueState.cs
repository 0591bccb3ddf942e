namespace RagPlatform.Ingestion.Registry;

/// <summary>Whether a version is to be processed. The numbers are stored.</summary>
public enum QueueState
{
    /// <summary>It is at rest, superseded, or a deletion.</summary>
    None = 0,

    /// <summary>It may be begun.</summary>
    Waiting = 1,

    /// <summary>It may be begun after a while.</summary>
    Postponed = 2,

    /// <summary>A process has begun it.</summary>
    Taken = 3,
}

public static class QueueStates
{
    /// <summary>As it is called in metrics.</summary>
    public static string Name(this QueueState state) => state switch
    {
        QueueState.None => "none",
        QueueState.Waiting => "waiting",
        QueueState.Postponed => "postponed",
        QueueState.Taken => "taken",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "It is no state of the queue."),
    };
}
