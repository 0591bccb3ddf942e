using System.CommandLine;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

internal static class FacetsCommand
{
    public static Command Create(Session session)
    {
        var fields = new Argument<string[]>("fields") { Description = "Metadata keys, document_id, title or uri; up to 16.", Arity = ArgumentArity.OneOrMore };
        var filter = FilterOption.Create();
        var top = new Option<int>("--top", "-n") { Description = "How many values of each field, 1 to 1,000.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var collection = OutputOptions.Collection();
        var json = OutputOptions.Json();
        var command = new RagCommand(
            "facets",
            "Counts documents by the values of metadata fields.",
            "rag facets lang year",
            "rag facets author --filter 'year >= 2020' -n 5")
        {
            fields, filter, top, collection, json,
        };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var name = parsed.GetValue(collection)!;
            var counts = await platform.Client.CountFacetsAsync(parsed.GetValue(fields)!, name, parsed.GetValue(filter), parsed.GetValue(top), cancellationToken);
            var counted = new FacetsJson(name, counts.DocumentCount, counts.Facets);
            if (parsed.GetValue(json))
            {
                session.WriteJson(counted);
            }
            else
            {
                session.Render(counted);
            }

            return counted.DocumentCount > 0 ? ExitCode.Ok : ExitCode.NothingFound;
        });
        return command;
    }
}
