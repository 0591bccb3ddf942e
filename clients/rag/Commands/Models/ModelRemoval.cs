using System.CommandLine;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands.Models;

/// <summary>remove.</summary>
internal static class ModelRemoval
{
    public static RagCommand Create(Session session)
    {
        var model = new Argument<string>("model") { Description = "The model." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var force = new Option<bool>("--force") { Description = "Also while your collections use it; what needs it there then fails." };
        var json = OutputOptions.Json();
        var command = new RagCommand(
            "remove", "Deletes a model's files and its pin, for all tenants. Asks first. Ends a pull that is under way. The default model is not removed.", "rag models remove bge-small-en-v1.5", "rag models remove bge-small-en-v1.5 --yes")
        {
            model, yes, force, json,
        };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var id = parsed.GetValue(model)!;
            if (!parsed.GetValue(yes))
            {
                var details = await platform.Client.GetModelAsync(id, cancellationToken);
                await session.ConfirmAsync($"Delete {id}, {(details.Model.SizeBytes > 0 ? ProgressLine.Size(details.Model.SizeBytes) : "none of whose files are there")}", cancellationToken);
            }

            var removed = new ModelRemovedJson(id, await platform.Client.RemoveModelAsync(id, parsed.GetValue(force), cancellationToken));
            if (parsed.GetValue(json))
            {
                session.WriteJson(removed);
            }
            else
            {
                session.Out.WriteLine($"Deleted {PlainText.Of(removed.Model)}, {ProgressLine.Size(removed.FreedBytes)}.");
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
