namespace RagPlatform.AppHost.Local.Running;

/// <summary>What is known of a resource at one moment: shown by the dashboard, written to the run file, waited on.</summary>
internal sealed record ResourceSnapshot(string Name, ResourceKind Kind, DateTimeOffset CreatedAt)
{
    public string State { get; init; } = ResourceStates.Waiting;

    /// <summary>Null: it has no health check, or has not been asked yet.</summary>
    public bool? IsHealthy { get; init; }

    public string HealthDescription { get; init; } = "";

    public int? ProcessId { get; init; }

    public int? ExitCode { get; init; }

    public int Restarts { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>The project file, the connection string's server, the tool's path.</summary>
    public string Source { get; init; } = "";

    public IReadOnlyDictionary<string, string> Endpoints { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyList<(string Name, string Value)> Environment { get; init; } = [];

    public IReadOnlyList<string> References { get; init; } = [];

    public IReadOnlyList<string> Dependencies { get; init; } = [];

    public bool IsRunning => string.Equals(State, ResourceStates.Running, StringComparison.Ordinal);

    public bool IsReady => IsRunning && IsHealthy is not false && !(IsHealthy is null && Kind is ResourceKind.Project);
}

internal enum ResourceKind
{
    Project,
    Server,
    Parameter,

    /// <summary>Part of the platform's own machinery: in the run file, not among the dashboard's resources.</summary>
    Tool,
}

/// <summary>The states by Aspire's names, which the dashboard knows; Restarting is ours.</summary>
internal static class ResourceStates
{
    public const string Waiting = "Waiting";
    public const string Starting = "Starting";
    public const string Running = "Running";
    public const string Stopping = "Stopping";
    public const string Restarting = "Restarting";
    public const string Exited = "Exited";

    /// <summary>It was restarted too often and is left as it is.</summary>
    public const string FailedToStart = "FailedToStart";
}
