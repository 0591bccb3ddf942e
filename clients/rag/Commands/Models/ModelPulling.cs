using System.CommandLine;
using System.CommandLine.Parsing;
using RagPlatform.Client;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Run;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands.Models;

/// <summary>pull.</summary>
internal static class ModelPulling
{
    public static RagCommand Create(Session session)
    {
        var model = ModelListing.ModelArgument("A model that is known by name, or OWNER/REPOSITORY[@REVISION] of the hub; the default embedding model when left out.");
        var from = new Option<string>("--from") { Description = "A model's folder to copy instead, on the machine where the embedding service runs.", HelpName = "FOLDER", DefaultValueFactory = _ => "" };
        var name = new Option<string>("--as") { Description = "The name to keep it under. [default: the repository's or folder's own]", HelpName = "NAME", DefaultValueFactory = _ => "" };
        var json = OutputOptions.Json();
        var command = new RagCommand(
            "pull",
            "Fetches a model's files, unless they are there, and checks them. What is not built in is pinned first: revision, sizes and SHA-256 of every file.",
            "rag models pull",
            "rag models pull BAAI/bge-small-en-v1.5",
            "rag models pull intfloat/e5-small-v2@main --as e5",
            "rag models pull --from ~/models/my-model")
        {
            model, from, name, json,
        };
        command.Validators.Add(result => Validate(result, model, from, name));
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var pull = Options(session, parsed.GetValue(model)!, parsed.GetValue(from)!, parsed.GetValue(name)!);
            var id = await PullAsync(session, platform.Client, pull, cancellationToken);
            var pulled = (await platform.Client.ListModelsAsync(cancellationToken)).Where(listed => listed.Id == id || id.Length == 0).ToList();
            if (parsed.GetValue(json))
            {
                session.WriteJson(pulled);
            }
            else
            {
                session.Render(pulled);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static void Validate(CommandResult result, Argument<string> model, Option<string> from, Option<string> name)
    {
        // What is left out has its default only when the command runs.
        var named = result.GetValue(model) ?? "";
        var isFolder = result.GetValue(from) is { Length: > 0 };
        var isRepository = named.Contains('/', StringComparison.Ordinal);
        if (isFolder && named.Length > 0)
        {
            result.AddError($"Give '{named}' or --from, not both; --as names what --from copies.");
        }
        else if (named.Contains('@', StringComparison.Ordinal) && !isRepository)
        {
            result.AddError($"'{named}' is no OWNER/REPOSITORY@REVISION; a model that is known by name has its revision pinned.");
        }
        else if (result.GetValue(name) is { Length: > 0 } && !isFolder && !isRepository)
        {
            result.AddError("--as names what is pulled from OWNER/REPOSITORY or --from FOLDER.");
        }
    }

    private static ModelPullOptions Options(Session session, string model, string from, string name)
    {
        if (from.Length > 0)
        {
            return new ModelPullOptions { Source = $"folder:{Path.GetFullPath(from, session.CurrentDirectory)}", Name = name };
        }

        var at = model.IndexOf('@', StringComparison.Ordinal);
        return model.Contains('/', StringComparison.Ordinal)
            ? new ModelPullOptions { Source = $"hub:{(at < 0 ? model : model[..at])}", Revision = at < 0 ? "" : model[(at + 1)..], Name = name }
            : new ModelPullOptions { Model = model };
    }

    private static async Task<string> PullAsync(Session session, RagClient client, ModelPullOptions pull, CancellationToken cancellationToken)
    {
        var notes = new List<string>();
        try
        {
            return await session.ShowAsync("Pulling the model.", report => ModelPull.PullAsync(session, client, pull, report, notes.Add, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new CommandException("interrupted; the pull goes on.", "Follow it with the same command, see it with rag models list, end it with rag models remove.", ExitCode.Cancelled);
        }
        finally
        {
            // A moving line leaves nothing behind; where lines are kept, these are among them.
            if (session.ErrIsTerminal)
            {
                notes.ForEach(session.Note);
            }
        }
    }
}
