namespace RagPlatform.AppHost.Local.Running;

/// <summary>Who keeps which process up.</summary>
internal sealed class Supervisors
{
    private readonly List<Supervisor> all = [];

    public void Add(Supervisor supervisor) => all.Add(supervisor);

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(all.Select(supervisor => supervisor.RunAsync(cancellationToken)));

    /// <returns>Null when the command is taken; else why not.</returns>
    public string? Command(string name, ResourceCommand command)
    {
        var supervisor = all.Find(candidate => string.Equals(candidate.Name, name, StringComparison.Ordinal));
        return supervisor is null ? $"'{name}' is not a process of this run."
            : supervisor.TryCommand(command) ? null
            : $"'{name}' has not yet carried out earlier commands: try again in a moment.";
    }
}
