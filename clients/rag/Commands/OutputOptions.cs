using System.CommandLine;

namespace RagPlatform.CommandLine.Commands;

/// <summary>Options that several commands have, made anew for each.</summary>
internal static class OutputOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document instead of text for people." };

    public static Option<string> Collection() => new("--collection", "-c") { Description = "The collection.", HelpName = "NAME", DefaultValueFactory = _ => "default" };
}
