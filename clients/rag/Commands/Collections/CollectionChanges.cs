using System.CommandLine;
using Grpc.Core;
using RagPlatform.Client;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

/// <summary>create, update and delete.</summary>
internal static class CollectionChanges
{
    public static IEnumerable<Command> Create(Session session) => [CreateCreate(session), CreateUpdate(session), CreateDelete(session)];

    private static RagCommand CreateCreate(Session session)
    {
        var name = CollectionsCommand.Name("1 to 63 of a-z, 0-9, \"_\" and \"-\".");
        var store = new Option<string>("--store") { Description = "embedded or qdrant. [default: the platform's]", HelpName = "STORE", DefaultValueFactory = _ => "" };
        var model = new Option<string>("--model") { Description = "The embedding model. [default: the platform's when the first document comes]", HelpName = "MODEL", DefaultValueFactory = _ => "" };
        var command = new RagCommand(
            "create", "Makes an empty collection. A collection also comes into being with its first document, with default settings.", "rag collections create docs", "rag collections create docs --model bge-small-en-v1.5", "rag collections create docs --store qdrant --vector-weight 0.3", "rag collections create manuals --chunking parent-child")
        {
            name, store, model,
        };
        var settings = new SettingsOptions(command);
        return command.Acts(
            session,
            (parsed, client, cancellationToken) => client.CreateCollectionAsync(
                parsed.GetValue(name)!, settings.Change(new CollectionSettings(), parsed), parsed.GetValue(store)!, parsed.GetValue(model)!, cancellationToken),
            session.Render);
    }

    private static RagCommand CreateUpdate(Session session)
    {
        var name = CollectionsCommand.Name();
        var reset = new Option<bool>("--reset") { Description = "Begin from the platform's defaults rather than from the present settings." };
        var command = new RagCommand("update", "Changes what a collection is searched with unless a search says otherwise, and how its documents to come are cut.", "rag collections update docs --fusion rrf", "rag collections update docs --chunking sentence --chunk-tokens 120", "rag collections update docs --reset")
        {
            name, reset,
        };
        var changes = new SettingsOptions(command);
        command.Validators.Add(result =>
        {
            if (!result.Children.OfType<System.CommandLine.Parsing.OptionResult>().Any(option => option is { Implicit: false } && (option.Option.Name == reset.Name || SettingsOptions.Names.Contains(option.Option.Name))))
            {
                result.AddError($"Give {string.Join(", ", SettingsOptions.Names)} or {reset.Name}.");
            }
        });
        return command.Acts(
            session,
            async (parsed, client, cancellationToken) =>
            {
                var collection = parsed.GetValue(name)!;
                var settings = parsed.GetValue(reset) ? new CollectionSettings() : (await client.DescribeCollectionAsync(collection, cancellationToken)).Settings;
                return await client.UpdateCollectionAsync(collection, changes.Change(settings, parsed), cancellationToken);
            },
            session.Render);
    }

    private static RagCommand CreateDelete(Session session)
    {
        var name = CollectionsCommand.Name();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var command = new RagCommand("delete", "Deletes a collection with its index, settings, aliases and every document. Asks first.", "rag collections delete docs", "rag collections delete docs --yes") { name, yes };
        return command.Acts(
            session,
            async (parsed, client, cancellationToken) =>
            {
                var collection = parsed.GetValue(name)!;
                if (!parsed.GetValue(yes))
                {
                    await session.ConfirmAsync($"Delete {collection} with {await ContentAsync(client, collection, cancellationToken)}", cancellationToken);
                }

                return new CollectionDeletedJson(collection, await client.DeleteCollectionAsync(collection, cancellationToken));
            },
            deleted => session.Out.WriteLine($"Deleted {deleted.Collection} with {Rendering.Count(deleted.DocumentCount, "document")}."));
    }

    private static async Task<string> ContentAsync(RagClient client, string collection, CancellationToken cancellationToken)
    {
        try
        {
            var found = await client.DescribeCollectionAsync(collection, cancellationToken);
            return $"its {Rendering.Count(found.DocumentCount, "document")}";
        }
        catch (RagException failure) when (failure.Status is StatusCode.NotFound)
        {
            return "its documents, none of which is searchable yet";
        }
    }
}
