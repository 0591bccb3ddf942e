using System.CommandLine;
using Grpc.Core;
using RagPlatform.Client;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

internal static class DocumentsCommand
{
    private const int PageMax = 1000;
    private const int VersionsMax = 200;

    public static Command Create(Session session) =>
        new RagCommand("documents", "Lists, shows, watches, begins again and deletes documents.", "rag documents list", "rag documents show docs/guide.md", "rag documents watch --state failed")
        {
            CreateList(session),
            CreateShow(session),
            DocumentsWatch.Create(session),
            DocumentsRedrive.Create(session),
            CreateDelete(session),
        };

    private static RagCommand CreateList(Session session)
    {
        var collection = new Option<string>("--collection", "-c") { Description = "The collection. [default: all]", HelpName = "NAME", DefaultValueFactory = _ => "" };
        var state = OutputOptions.State("Only documents in this state, for example failed.");
        var limit = OutputOptions.Limit(100);
        var json = OutputOptions.Json();
        var command = new RagCommand("list", "Lists documents by collection, then id.", "rag documents list --state failed", "rag documents list --json --limit 1000") { collection, state, limit, json };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var list = await ReadAsync(platform.Client, parsed.GetValue(collection)!, OutputOptions.ReadState(parsed.GetValue(state)), parsed.GetValue(limit), cancellationToken);
            if (parsed.GetValue(json))
            {
                session.WriteJson(list);
            }
            else
            {
                session.Render(list);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static RagCommand CreateShow(Session session)
    {
        var id = new Argument<string>("id") { Description = "The document's id." };
        var collection = OutputOptions.Collection();
        var json = OutputOptions.Json();
        var command = new RagCommand("show", "Shows a document and what happened to it.", "rag documents show docs/guide.md") { id, collection, json };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var found = await platform.Client.GetDocumentAsync(parsed.GetValue(id)!, parsed.GetValue(collection)!, cancellationToken);
            var versions = await ReadVersionsAsync(platform.Client, found.Document, cancellationToken);
            if (parsed.GetValue(json))
            {
                session.WriteJson(new DocumentShownJson(found.Document, found.Events, versions));
            }
            else
            {
                session.Render(found);
                session.RenderVersions(versions);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static RagCommand CreateDelete(Session session)
    {
        var ids = new Argument<string[]>("ids") { Description = "The documents' ids.", Arity = ArgumentArity.OneOrMore };
        var collection = OutputOptions.Collection();
        var json = OutputOptions.Json();
        var command = new RagCommand("delete", "Deletes documents, from search and answers too.", "rag documents delete docs/old.md docs/older.md") { ids, collection, json };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var named = parsed.GetValue(ids)!.Distinct(StringComparer.Ordinal).ToArray();
            var deleted = new List<Document>();
            foreach (var id in named)
            {
                try
                {
                    deleted.Add(await platform.Client.DeleteDocumentAsync(id, parsed.GetValue(collection)!, cancellationToken));
                }
                catch (RagException failure) when (failure.Status == StatusCode.NotFound && named.Length > 1)
                {
                    // The others go all the same: what is not there is as the user wants it.
                    session.Error("rag documents delete", failure.Message, remedy: null);
                    continue;
                }

                if (!parsed.GetValue(json))
                {
                    session.Out.WriteLine($"Deleted {id}.");
                }
            }

            if (parsed.GetValue(json))
            {
                session.WriteJson(deleted);
            }

            return deleted.Count == named.Length ? ExitCode.Ok : ExitCode.NothingFound;
        });
        return command;
    }

    private static async Task<IReadOnlyList<Document>> ReadVersionsAsync(RagClient client, Document document, CancellationToken cancellationToken)
    {
        var versions = new List<Document>();
        await foreach (var version in client.ListVersionsAsync(document.Id, document.Collection, cancellationToken))
        {
            versions.Add(version);
            if (versions.Count == VersionsMax)
            {
                break;
            }
        }

        return versions;
    }

    private static async Task<DocumentListJson> ReadAsync(RagClient client, string collection, DocumentState? state, int limit, CancellationToken cancellationToken)
    {
        var documents = new List<Document>();
        var totalCount = 0L;
        string? pageToken = null;
        do
        {
            var page = await client.ListDocumentsPageAsync(collection, state, Math.Clamp(limit - documents.Count, 1, PageMax), pageToken, cancellationToken);
            documents.AddRange(page.Documents);
            (pageToken, totalCount) = (page.NextPageToken, page.TotalCount);
        }
        while (pageToken is not null && documents.Count < limit);
        return new DocumentListJson(documents, totalCount);
    }
}
