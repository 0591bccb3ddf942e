namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>What happened to a running job since the last report.</summary>
public sealed record JobReport
{
    /// <summary>Null when it is as it was.</summary>
    public JobProgress? Progress { get; init; }
    public IReadOnlyList<(string Level, string Message)> Events { get; init; } = [];
    public IReadOnlyList<(long Step, string Name, double Value)> Metrics { get; init; } = [];

    /// <summary>Kept since the last report.</summary>
    public IReadOnlyList<JobCheckpoint> Checkpoints { get; init; } = [];

    /// <summary>As they are used; null when they are as they were.</summary>
    public IReadOnlyDictionary<string, string>? HyperParameters { get; init; }

    /// <summary>JSON; null when it is as it was.</summary>
    public string? RunCard { get; init; }

    public bool IsEmpty => Progress is null && Events.Count == 0 && Metrics.Count == 0 && Checkpoints.Count == 0 && HyperParameters is null && RunCard is null;
}
