namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>A job as the registry has it.</summary>
public sealed record Job
{
    /// <summary>"ftjob-" and 24 hex digits.</summary>
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    public required JobSpec Spec { get; init; }
    public required JobState State { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public required JobProgress Progress { get; init; }
    public JobFailure? Failure { get; init; }

    /// <summary>Empty until it succeeded.</summary>
    public string Adapter { get; init; } = "";

    /// <summary>As they are used; empty until the trainer said.</summary>
    public required IReadOnlyDictionary<string, string> HyperParameters { get; init; }

    /// <summary>Times that a worker began or resumed it.</summary>
    public int Attempts { get; init; }

    /// <summary>Workers that died one after another, with no checkpoint in between.</summary>
    public int Deaths { get; init; }

    /// <summary>What a running one is to become as soon as it can.</summary>
    public JobWish Wish { get; init; }

    /// <summary>The process that runs it; empty for none.</summary>
    public string Owner { get; init; } = "";

    /// <summary>From 1; 0 where it does not wait.</summary>
    public int QueuePosition { get; init; }
}

public enum JobWish
{
    None = 0,
    Pause = 1,
    Cancel = 2,
}

/// <param name="Code">Of a closed set: JobFailures, or a trainer's own.</param>
public sealed record JobFailure(string Code, string Problem, string Remedy);

/// <summary>How far a job is. Numbers are 0 while they are unknown.</summary>
public sealed record JobProgress
{
    public long Step { get; init; }
    public long Steps { get; init; }
    public double Epoch { get; init; }
    public long Tokens { get; init; }
    public double TokensPerSecond { get; init; }
    public double SecondsLeft { get; init; }
    public double Loss { get; init; }
    public double ValidationLoss { get; init; }

    /// <summary>loading, training, evaluating, exporting; empty before.</summary>
    public string Phase { get; init; } = "";
}

/// <param name="Sequence">Of the job, from 1.</param>
/// <param name="Level">info, warn or error.</param>
public sealed record JobEvent(long Sequence, DateTimeOffset At, string Level, string Message);

/// <param name="Sequence">Of the job, from 1; a point that is measured again, after a resume, gets a new one.</param>
public sealed record MetricPoint(long Sequence, long Step, string Name, double Value);
