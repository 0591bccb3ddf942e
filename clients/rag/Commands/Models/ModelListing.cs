using System.CommandLine;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands.Models;

/// <summary>list and show.</summary>
internal static class ModelListing
{
    public static RagCommand CreateList(Session session)
    {
        var json = OutputOptions.Json();
        var command = new RagCommand("list", "Lists the models that the platform knows.", "rag models list --json") { json };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var list = await platform.Client.GetModelListAsync(cancellationToken);
            if (parsed.GetValue(json))
            {
                session.WriteJson(list.Models);
            }
            else
            {
                session.Render(list.Models);
            }

            foreach (var problem in list.Problems)
            {
                session.Error("models.json", problem, remedy: null);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    public static RagCommand CreateShow(Session session)
    {
        var model = ModelArgument("The model; the default embedding model when left out.");
        var json = OutputOptions.Json();
        var command = new RagCommand("show", "Tells what a model is, its files with their hashes, and which collections use it.", "rag models show", "rag models show bge-small-en-v1.5 --json") { model, json };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var details = await platform.Client.GetModelAsync(parsed.GetValue(model)!, cancellationToken);
            if (parsed.GetValue(json))
            {
                session.WriteJson(details);
            }
            else
            {
                session.Render(details);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    public static Argument<string> ModelArgument(string description) => new("model") { Description = description, DefaultValueFactory = _ => "" };
}
