namespace RagPlatform.CommandLine;

/// <summary>A command cannot go on. Printed as "what: reason. remedy"; both parts are whole sentences.</summary>
internal sealed class CommandException(string message, string? remedy = null, int exitCode = ExitCode.Failed) : Exception(message)
{
    public string? Remedy { get; } = remedy;

    public int ExitCode { get; } = exitCode;
}
