using System.CommandLine;
using RagPlatform.Client;
using RagPlatform.CommandLine.Builds;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

/// <summary>rebuild, move, watch and cancel.</summary>
internal static class IndexBuilds
{
    private const string Beside = "The present index is searched until the new one holds everything. Ctrl-C leaves the build running.";

    public static IEnumerable<Command> Create(Session session) => [CreateRebuild(session), CreateMove(session), CreateWatch(session), CreateCancel(session)];

    private static RagCommand CreateRebuild(Session session)
    {
        var name = CollectionsCommand.Name();
        var model = new Option<string>("--model") { Description = "The embedding model. [default: the present one]", HelpName = "MODEL", DefaultValueFactory = _ => "" };
        var chunkAgain = new Option<bool>("--chunk-again") { Description = "Cut the stored texts again, by the present chunking settings." };
        var noWait = NoWait();
        return new RagCommand("rebuild", $"Builds a collection's index anew, for another model or chunking. {Beside}", "rag collections rebuild docs --model my-model", "rag collections rebuild docs --chunk-again --no-wait")
        {
            name, model, chunkAgain, noWait,
        }.Acts(
            session,
            (parsed, client, cancellationToken) => BuildAsync(
                session, client, parsed.GetValue(name)!, new IndexBuildOptions { Model = parsed.GetValue(model)!, ChunkAgain = parsed.GetValue(chunkAgain) }, parsed.GetValue(noWait), cancellationToken),
            session.Render);
    }

    private static RagCommand CreateMove(Session session)
    {
        var name = CollectionsCommand.Name();
        var to = new Option<string>("--to") { Description = "embedded or qdrant.", HelpName = "STORE", Required = true };
        to.AcceptOnlyFromAmong("embedded", "qdrant");
        var noWait = NoWait();
        return new RagCommand("move", $"Moves a collection to another store, verified before the switch. {Beside}", "rag collections move docs --to qdrant", "rag collections move docs --to embedded") { name, to, noWait }
            .Acts(
                session,
                (parsed, client, cancellationToken) => BuildAsync(
                    session, client, parsed.GetValue(name)!, new IndexBuildOptions { Store = parsed.GetValue(to)! }, parsed.GetValue(noWait), cancellationToken),
                session.Render);
    }

    private static RagCommand CreateWatch(Session session)
    {
        var name = CollectionsCommand.Name();
        return new RagCommand("watch", "Follows a collection's build to its end. Ctrl-C leaves the build running.", "rag collections watch docs") { name }
            .Acts(session, (parsed, client, cancellationToken) => BuildProgress.FollowAsync(session, client, parsed.GetValue(name)!, cancellationToken), session.Render);
    }

    private static RagCommand CreateCancel(Session session)
    {
        var name = CollectionsCommand.Name();
        return new RagCommand("cancel", "Ends a collection's build; what is searched stays as it is.", "rag collections cancel docs") { name }
            .Acts(session, (parsed, client, cancellationToken) => client.CancelBuildAsync(parsed.GetValue(name)!, cancellationToken), session.Render);
    }

    private static async Task<IndexBuild> BuildAsync(Session session, RagClient client, string collection, IndexBuildOptions options, bool noWait, CancellationToken cancellationToken)
    {
        var started = await client.StartBuildAsync(collection, options, cancellationToken);
        return noWait ? started : await BuildProgress.FollowAsync(session, client, collection, cancellationToken);
    }

    private static Option<bool> NoWait() => new("--no-wait") { Description = "Only begin; see how it goes with rag collections watch." };
}
