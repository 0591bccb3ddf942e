using System.CommandLine;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

/// <summary>snapshot and restore.</summary>
internal static class Snapshots
{
    public static IEnumerable<Command> Create(Session session)
    {
        var name = CollectionsCommand.Name();
        yield return new RagCommand("snapshot", "Copies a collection's index to where the platform keeps snapshots, and prints the snapshot's name.", "rag collections snapshot docs") { name }
            .Acts(
                session,
                (parsed, client, cancellationToken) => client.SnapshotCollectionAsync(parsed.GetValue(name)!, cancellationToken),
                taken => session.Out.WriteLine(PlainText.Of($"{taken.Name}  {ProgressLine.Bytes(taken.Bytes, 0)}")));

        var snapshot = new Argument<string>("snapshot") { Description = "The snapshot's name." };
        var into = new Option<string>("--as") { Description = "The collection to make of it, which must not exist. [default: the snapshot's own]", HelpName = "NAME", DefaultValueFactory = _ => "" };
        yield return new RagCommand("restore", "Makes a collection from a snapshot.", "rag collections restore docs-20261120-101500", "rag collections restore docs-20261120-101500 --as docs-again") { snapshot, into }
            .Acts(session, (parsed, client, cancellationToken) => client.RestoreCollectionAsync(parsed.GetValue(snapshot)!, parsed.GetValue(into)!, cancellationToken), session.Render);
    }
}
