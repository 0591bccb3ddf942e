namespace RagPlatform.FineTuneJobs.Workers.Commands;

/// <summary>An external program that trains. It is started without a shell, in the job's folder.</summary>
public sealed class TrainingCommandOptions
{
    /// <summary>Path or name of the program.</summary>
    public string Executable { get; set; } = "";

    /// <summary>Given as they are, one by one.</summary>
    public IList<string> Arguments { get; } = [];

    /// <summary>Names of this process's variables that the program sees, beside those that any program needs to start.</summary>
    public IList<string> InheritedEnvironment { get; } = [];

    /// <summary>Further variables, by name.</summary>
    public IDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How long a run may take, in minutes. Default 1,440; 1 to 35,000, for a wait holds no more than 24 days.</summary>
    public int TimeLimitMinutes { get; set; } = 1440;

    /// <summary>Why it cannot be used; null where it can.</summary>
    internal string? Problem(string name) => this switch
    {
        { Executable.Length: 0 } => $"FineTuneJobs:Commands:{name}:Executable is empty. Name the program.",
        { TimeLimitMinutes: < 1 or > 35_000 } => $"FineTuneJobs:Commands:{name}:TimeLimitMinutes is {TimeLimitMinutes}; 1 to 35,000 are allowed.",
        _ => null,
    };
}
