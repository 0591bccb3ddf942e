using System.CommandLine;
using RagPlatform.Client;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

internal static class CollectionsCommand
{
    public static Command Create(Session session)
    {
        var command = new RagCommand(
            "collections",
            "Lists, makes, changes, rebuilds, moves, keeps and deletes collections.",
            "rag collections list",
            "rag collections show docs",
            "rag collections move docs --to qdrant");
        foreach (var part in (IEnumerable<Command>[])[CollectionReading.Create(session), CollectionChanges.Create(session), AliasChanges.Create(session), IndexBuilds.Create(session), Snapshots.Create(session)])
        {
            foreach (var subcommand in part)
            {
                command.Subcommands.Add(subcommand);
            }
        }

        return command;
    }

    /// <summary>The collection that a command is about.</summary>
    public static Argument<string> Name(string description = "The collection.") => new("name") { Description = description };

    /// <summary>Adds the options that every command here has, and what it does.</summary>
    /// <param name="session">Where it prints.</param>
    /// <param name="command">Without --json and the connection's options.</param>
    /// <param name="run">Does the work and gives what is printed.</param>
    /// <param name="render">Prints it for people.</param>
    public static RagCommand Acts<T>(this RagCommand command, Session session, Func<ParseResult, RagClient, CancellationToken, Task<T>> run, Action<T> render)
    {
        var json = OutputOptions.Json();
        command.Options.Add(json);
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var result = await run(parsed, platform.Client, cancellationToken);
            if (parsed.GetValue(json))
            {
                session.WriteJson(result);
            }
            else
            {
                render(result);
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
