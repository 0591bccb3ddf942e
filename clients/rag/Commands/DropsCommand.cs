using System.CommandLine;
using System.Text;
using RagPlatform.Client;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;
using Spectre.Console;

namespace RagPlatform.CommandLine.Commands;

/// <summary>Drops that belong to no document: list, show, redrive and discard.</summary>
internal static class DropsCommand
{
    private const int PageMax = 200;
    private const int BodyMaxBytes = 3 * 1024 * 1024;

    public static Command Create(Session session) =>
        new RagCommand("drops", "Shows, mends and discards drops that were rejected.", "rag drops list", "rag drops redrive 17 --body mended.json")
        {
            CreateList(session), CreateShow(session), CreateRedrive(session), CreateDiscard(session),
        };

    private static RagCommand CreateList(Session session)
    {
        var limit = OutputOptions.Limit(50);
        return new RagCommand("list", "Lists rejected drops, the newest first.", "rag drops list") { limit }
            .Acts(session, (parsed, client, cancellationToken) => ReadAsync(client, parsed.GetValue(limit), cancellationToken), list => Render(session, list));
    }

    private static RagCommand CreateShow(Session session)
    {
        var id = Id();
        return new RagCommand("show", "Shows a rejected drop: why, what to do, and its body as it came.", "rag drops show 17", "rag drops show 17 --json | jq -r .body > drop.json") { id }
            .Acts(
                session,
                async (parsed, client, cancellationToken) =>
                {
                    var (drop, body) = await client.ShowRejectedDropAsync(parsed.GetValue(id), cancellationToken);
                    return new RejectedDropJson(drop, Encoding.UTF8.GetString(body.Span));
                },
                shown =>
                {
                    session.Console.MarkupLine($"[bold]{Rendering.Number(shown.Drop.Id)}[/]  [red]{Rendering.Escape(shown.Drop.Code)}[/]  {Rendering.Time(shown.Drop.RejectedAt)}  {Rendering.Escape(shown.Drop.Tenant.Length > 0 ? shown.Drop.Tenant : "of no tenant")}");
                    session.Console.MarkupLine(Rendering.Escape(shown.Drop.Reason));
                    session.Console.MarkupLine(Rendering.Escape(shown.Drop.Remedy));
                    session.Console.MarkupLine($"[grey]{ProgressLine.Size(shown.Drop.BodyBytes)}{(shown.Drop.IsBodyKept ? "" : ", too large to be kept")}{(shown.Drop.TraceId.Length > 0 ? $", trace {Rendering.Escape(shown.Drop.TraceId)}" : "")}[/]");
                    session.Out.WriteLine(PlainText.Of(shown.Body));
                });
    }

    private static RagCommand CreateRedrive(Session session)
    {
        var id = Id();
        var body = new Option<FileInfo?>("--body") { Description = "A corrected drop. [default: as it came]", HelpName = "FILE" };
        var json = OutputOptions.Json();
        var command = new RagCommand("redrive", "Takes a rejected drop again, as it came or corrected. What is taken is no longer listed.", "rag drops redrive 17", "rag drops redrive 17 --body mended.json") { id, body, json };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var content = parsed.GetValue(body) is { } file ? await ReadBodyAsync(file, cancellationToken) : [];
            using var platform = connection.Connect(parsed);
            var still = await platform.Client.RedriveRejectedDropAsync(parsed.GetValue(id), content, cancellationToken);
            if (parsed.GetValue(json))
            {
                session.WriteJson(new DropRedrivenJson(parsed.GetValue(id), still is null, still));
            }
            else if (still is null)
            {
                session.Out.WriteLine($"Taken: drop {parsed.GetValue(id)} belongs to a document now.");
            }
            else
            {
                session.Error($"drop {still.Id}", still.Reason, still.Remedy);
            }

            return still is null ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static RagCommand CreateDiscard(Session session)
    {
        var id = Id();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        return new RagCommand("discard", "Forgets a rejected drop. Asks first.", "rag drops discard 17 --yes") { id, yes }
            .Acts(
                session,
                async (parsed, client, cancellationToken) =>
                {
                    if (!parsed.GetValue(yes))
                    {
                        await session.ConfirmAsync($"Discard drop {parsed.GetValue(id)}", cancellationToken);
                    }

                    await client.DiscardRejectedDropAsync(parsed.GetValue(id), cancellationToken);
                    return new DropDiscardedJson(parsed.GetValue(id));
                },
                discarded => session.Out.WriteLine($"Discarded drop {discarded.Id}."));
    }

    private static Argument<long> Id() => new("id") { Description = "The drop's number." };

    private static async Task<byte[]> ReadBodyAsync(FileInfo file, CancellationToken cancellationToken) =>
        !file.Exists ? throw new CommandException($"{file.FullName} does not exist.", "Name a file with one JSON object.")
        : file.Length is 0 or > BodyMaxBytes ? throw new CommandException($"{file.FullName} has {file.Length} bytes; 1 to {BodyMaxBytes} are taken.", "Ingest what is larger as a file: rag ingest.")
        : await File.ReadAllBytesAsync(file.FullName, cancellationToken);

    private static async Task<RejectedDropListJson> ReadAsync(RagClient client, int limit, CancellationToken cancellationToken)
    {
        var drops = new List<RejectedDrop>();
        var total = 0L;
        string? pageToken = null;
        do
        {
            var page = await client.ListRejectedDropsPageAsync(Math.Clamp(limit - drops.Count, 1, PageMax), pageToken, cancellationToken);
            drops.AddRange(page.Drops);
            (pageToken, total) = (page.NextPageToken, page.TotalCount);
        }
        while (pageToken is not null && drops.Count < limit);
        return new RejectedDropListJson(drops, total);
    }

    private static void Render(Session session, RejectedDropListJson list)
    {
        if (list.Drops.Count == 0)
        {
            session.Note("There are no rejected drops.");
            return;
        }

        var table = Rendering.NewTable("drop", "rejected", "tenant", "code", "detail");
        foreach (var drop in list.Drops)
        {
            table.AddRow(Rendering.Number(drop.Id), Rendering.Time(drop.RejectedAt), Rendering.Escape(drop.Tenant), Rendering.Escape(drop.Code), Rendering.Escape(Rendering.Snippet(drop.Reason)));
        }

        session.Console.Write(table);
        if (list.TotalCount > list.Drops.Count)
        {
            session.Note($"{list.Drops.Count} of {list.TotalCount}; see more with --limit.");
        }
    }
}
