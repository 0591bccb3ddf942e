using System.CommandLine;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

/// <summary>list and show.</summary>
internal static class CollectionReading
{
    public static IEnumerable<Command> Create(Session session)
    {
        yield return new RagCommand("list", "Lists the collections with their size and health.", "rag collections list", "rag collections list --json")
            .Acts(session, (_, client, cancellationToken) => client.ListCollectionsAsync(cancellationToken), session.Render);

        var name = CollectionsCommand.Name("The collection, or an alias of it.");
        yield return new RagCommand("show", "Shows a collection: size, model, store, health, settings and the build under way.", "rag collections show docs") { name }
            .Acts(session, (parsed, client, cancellationToken) => client.DescribeCollectionAsync(parsed.GetValue(name)!, cancellationToken), session.Render);
    }
}
