namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>OpenAI's states of a fine-tuning job (https://platform.openai.com/docs/api-reference/fine-tuning/object). Numbers are stored.</summary>
public enum JobState
{
    ValidatingFiles = 1,
    Queued = 2,
    Running = 3,
    Paused = 4,
    Succeeded = 5,
    Failed = 6,
    Cancelled = 7,
}

public static class JobStates
{
    private static readonly Dictionary<JobState, JobState[]> Next = new()
    {
        [JobState.ValidatingFiles] = [JobState.Queued, JobState.Failed, JobState.Cancelled],
        [JobState.Queued] = [JobState.Running, JobState.Paused, JobState.Cancelled],
        [JobState.Running] = [JobState.Paused, JobState.Succeeded, JobState.Failed, JobState.Cancelled],
        // Through the queue: meanwhile another job may have taken its place.
        [JobState.Paused] = [JobState.Queued, JobState.Cancelled],
        [JobState.Succeeded] = [],
        // Where it has a checkpoint.
        [JobState.Failed] = [JobState.Queued],
        [JobState.Cancelled] = [],
    };

    /// <summary>Nothing more happens to it by itself.</summary>
    public static bool IsOver(this JobState state) => state is JobState.Succeeded or JobState.Failed or JobState.Cancelled;

    /// <summary>Over or paused: a watch ends here.</summary>
    public static bool IsAtRest(this JobState state) => state.IsOver() || state is JobState.Paused;

    /// <summary>The only table that says what may follow what.</summary>
    public static bool MayBecome(this JobState from, JobState to) => Array.IndexOf(Next[from], to) >= 0;

    /// <summary>As OpenAI writes it, such as validating_files.</summary>
    public static string Name(this JobState state) => state switch
    {
        JobState.ValidatingFiles => "validating_files",
        _ => state.ToString().ToLowerInvariant(),
    };
}
