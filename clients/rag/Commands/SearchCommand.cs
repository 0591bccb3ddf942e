using System.CommandLine;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

internal static class SearchCommand
{
    public static Command Create(Session session)
    {
        var query = new Argument<string>("query") { Description = "What to look for." };
        var top = new Option<int>("--top", "-n") { Description = "How many passages, 1 to 100.", HelpName = "N", DefaultValueFactory = _ => 10 };
        var collection = OutputOptions.Collection();
        var json = OutputOptions.Json();
        var command = new RagCommand("search", "Finds the passages nearest to a query, best first.", "rag search \"retry with back-off\"", "rag search --json -n 3 citations")
        {
            query, top, collection, json,
        };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var name = parsed.GetValue(collection)!;
            var text = parsed.GetValue(query)!;
            var result = await platform.Client.SearchAsync(text, name, parsed.GetValue(top), cancellationToken);
            var found = new SearchJson(name, text, result.Hits, result.Timings);
            if (parsed.GetValue(json))
            {
                session.WriteJson(found);
            }
            else if (found.Hits.Count == 0)
            {
                session.Note($"Nothing found in the collection {name}.");
            }
            else
            {
                session.Render(found);
            }

            return found.Hits.Count > 0 ? ExitCode.Ok : ExitCode.NothingFound;
        });
        return command;
    }
}
