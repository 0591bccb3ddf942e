using System.CommandLine;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

/// <summary>alias and unalias.</summary>
internal static class AliasChanges
{
    public static IEnumerable<Command> Create(Session session)
    {
        var alias = new Argument<string>("alias") { Description = "The other name, formed like a collection's." };
        var name = CollectionsCommand.Name("The collection that it is to stand for.");
        yield return new RagCommand("alias", "Gives a collection another name to be searched by, or points an alias to another collection in one step.", "rag collections alias live docs-2026") { alias, name }
            .Acts(
                session,
                async (parsed, client, cancellationToken) => new AliasJson(
                    parsed.GetValue(alias)!, parsed.GetValue(name)!, await client.SetAliasAsync(parsed.GetValue(alias)!, parsed.GetValue(name)!, cancellationToken)),
                set => session.Out.WriteLine(PlainText.Of($"{set.Alias} now stands for {set.Collection}{(set.FormerCollection is null ? "" : $", before for {set.FormerCollection}")}.")));

        var gone = new Argument<string>("alias") { Description = "The alias; its collection stays." };
        yield return new RagCommand("unalias", "Takes an alias away; the collection stays as it is.", "rag collections unalias live") { gone }
            .Acts(
                session,
                async (parsed, client, cancellationToken) =>
                {
                    await client.DeleteAliasAsync(parsed.GetValue(gone)!, cancellationToken);
                    return new AliasJson(parsed.GetValue(gone)!, Collection: null, FormerCollection: null);
                },
                deleted => session.Out.WriteLine(PlainText.Of($"{deleted.Alias} is no alias any more.")));
    }
}
