using System.CommandLine;
using RagPlatform.Client;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Run;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

internal static class ModelsCommand
{
    public static Command Create(Session session) =>
        new RagCommand("models", "Lists and pulls models.", "rag models list", "rag models pull")
        {
            CreateList(session),
            CreatePull(session),
        };

    private static RagCommand CreateList(Session session)
    {
        var json = OutputOptions.Json();
        var command = new RagCommand("list", "Lists the models that the platform knows.", "rag models list --json") { json };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            await PrintAsync(session, platform.Client, parsed.GetValue(json), cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }

    private static RagCommand CreatePull(Session session)
    {
        var model = new Argument<string>("model") { Description = "The model; the default embedding model when left out.", DefaultValueFactory = _ => "" };
        var json = OutputOptions.Json();
        var command = new RagCommand("pull", "Fetches a model's files, unless they are there, and checks them.", "rag models pull", "rag models pull all-MiniLM-L6-v2") { model, json };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var name = parsed.GetValue(model)!;
            await session.ShowAsync("Pulling the model.", report => ModelPull.PullAsync(platform.Client, name, report, cancellationToken));
            await PrintAsync(session, platform.Client, parsed.GetValue(json), cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task PrintAsync(Session session, RagClient client, bool asJson, CancellationToken cancellationToken)
    {
        var models = await client.ListModelsAsync(cancellationToken);
        if (asJson)
        {
            session.WriteJson(models);
        }
        else
        {
            session.Render(models);
        }
    }
}
