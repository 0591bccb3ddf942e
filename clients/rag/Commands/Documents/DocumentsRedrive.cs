using System.CommandLine;
using RagPlatform.Client;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;
using Spectre.Console;

namespace RagPlatform.CommandLine.Commands;

/// <summary>Begins failed documents again.</summary>
internal static class DocumentsRedrive
{
    private const int NamedMax = 10;

    public static RagCommand Create(Session session)
    {
        var id = new Argument<string>("id") { Description = "One document; all that failed when left out.", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => "" };
        var collection = Text("--collection", "Of this collection. [default: all; with an id: default]", "NAME");
        collection.Aliases.Add("-c");
        var batch = Text("--batch", "Of this batch.", "ID");
        var step = Text("--step", "That failed in this step, for example embedding.", "STEP");
        var code = Text("--code", "That failed for this reason, for example TIMED_OUT.", "CODE");
        var dryRun = new Option<bool>("--dry-run") { Description = "Tell which, begin none." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        return new RagCommand(
            "redrive", "Begins failed documents again, with their attempts reset. Asks first when it is about more than one.",
            "rag documents redrive docs/guide.md", "rag documents redrive --collection docs --code TIMED_OUT", "rag documents redrive --batch nightly --dry-run")
        {
            id, collection, batch, step, code, dryRun, yes,
        }.Acts(
            session,
            async (parsed, client, cancellationToken) =>
            {
                var options = new RedriveOptions
                {
                    Id = parsed.GetValue(id)!, Collection = parsed.GetValue(collection)!, BatchId = parsed.GetValue(batch)!, Step = parsed.GetValue(step)!, Code = parsed.GetValue(code)!,
                    IsDryRun = true,
                };
                if (parsed.GetValue(dryRun))
                {
                    return await RunAsync(client, options, cancellationToken);
                }

                if (options.Id.Length == 0 && !parsed.GetValue(yes))
                {
                    var found = await RunAsync(client, options, cancellationToken);
                    if (found.Documents.Count == 0)
                    {
                        return found with { IsDryRun = false };
                    }

                    await session.ConfirmAsync($"Begin {Rendering.Count(found.Documents.Count, "failed document")} again", cancellationToken, refused: "nothing was begun.");
                }

                return await RunAsync(client, options with { IsDryRun = false }, cancellationToken);
            },
            result => Render(session, result));
    }

    private static async Task<RedriveJson> RunAsync(RagClient client, RedriveOptions options, CancellationToken cancellationToken)
    {
        var (documents, refused) = (new List<FailedDocument>(), new List<FailedDocument>());
        await foreach (var page in client.RedriveDocumentsAsync(options, cancellationToken))
        {
            documents.AddRange(page.Documents);
            refused.AddRange(page.Refused);
        }

        return new RedriveJson(options.IsDryRun, documents, refused);
    }

    private static void Render(Session session, RedriveJson result)
    {
        foreach (var document in result.Documents.Take(NamedMax))
        {
            session.Console.MarkupLine($"{Rendering.Escape($"{document.Collection}/{document.Id}")}  [grey]{Rendering.Escape($"{document.Failure.Step} {document.Failure.Code}: {Rendering.Snippet(document.Failure.Reason)}")}[/]");
        }

        if (result.Documents.Count > NamedMax)
        {
            session.Note($"... and {result.Documents.Count - NamedMax} more.");
        }

        session.Out.WriteLine(result.IsDryRun ? $"{Rendering.Count(result.Documents.Count, "failed document")} would begin again." : $"{Rendering.Count(result.Documents.Count, "document")} begun again.");
        if (result.Refused.Count > 0)
        {
            session.Note($"{Rendering.Count(result.Refused.Count, "document")} had been refused on the way in, and must be put again.");
        }
    }

    private static Option<string> Text(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => "" };
}
