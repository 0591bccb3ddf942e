using System.CommandLine;

namespace RagPlatform.CommandLine;

/// <summary>A command whose help ends with examples, at least one.</summary>
internal sealed class RagCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;
}
