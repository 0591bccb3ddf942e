using System.CommandLine;
using RagPlatform.Client;
using RagPlatform.CommandLine.Output;

namespace RagPlatform.CommandLine.Commands;

/// <summary>Options that several commands have, made anew for each.</summary>
internal static class OutputOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document instead of text for people." };

    public static Option<int> Limit(int byDefault)
    {
        var limit = new Option<int>("--limit") { Description = "How many at most.", HelpName = "N", DefaultValueFactory = _ => byDefault };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--limit must be at least 1.");
            }
        });
        return limit;
    }

    public static Option<string?> State(string description)
    {
        var state = new Option<string?>("--state") { Description = description, HelpName = "STATE" };
        state.AcceptOnlyFromAmong([.. Enum.GetValues<DocumentState>().Where(value => value != DocumentState.Unspecified).Select(Rendering.Name)]);
        return state;
    }

    /// <summary>Null when it was not given.</summary>
    public static DocumentState? ReadState(string? name) => name is null ? null : Enum.Parse<DocumentState>(name, ignoreCase: true);

    public static Option<string> Collection() => new("--collection", "-c") { Description = "The collection.", HelpName = "NAME", DefaultValueFactory = _ => "default" };
}
