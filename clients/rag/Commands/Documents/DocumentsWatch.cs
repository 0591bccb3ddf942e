using System.CommandLine;
using RagPlatform.Client;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;
using Spectre.Console;

namespace RagPlatform.CommandLine.Commands;

/// <summary>Shows changes of documents as they happen, until Ctrl-C, through restarts of the platform.</summary>
internal static class DocumentsWatch
{
    private const int ShownMax = 20;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public static RagCommand Create(Session session)
    {
        var collection = new Option<string>("--collection", "-c") { Description = "The collection. [default: all]", HelpName = "NAME", DefaultValueFactory = _ => "" };
        var state = OutputOptions.State("Only changes to this state, for example failed.");
        var batch = new Option<string>("--batch") { Description = "Only of this batch.", HelpName = "ID", DefaultValueFactory = _ => "" };
        var after = new Option<long?>("--after") { Description = "Begin after this change, by its sequence; 0 for the oldest. [default: from now on]", HelpName = "SEQUENCE" };
        var json = new Option<bool>("--json") { Description = "Print one JSON document per line and change." };
        var command = new RagCommand("watch", "Shows what happens to documents, as it happens. Ctrl-C ends it.", "rag documents watch", "rag documents watch --state failed --json --after 0")
        {
            collection, state, batch, after, json,
        };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var changes = FollowAsync(
                platform.Client, parsed.GetValue(collection)!, OutputOptions.ReadState(parsed.GetValue(state)), parsed.GetValue(batch)!, parsed.GetValue(after), cancellationToken);
            try
            {
                await (parsed.GetValue(json) ? EachAsync(changes, session.WriteJsonLine)
                    : session.OutIsTerminal ? TableAsync(session, changes)
                    : EachAsync(changes, change => session.Out.WriteLine(PlainText.Of(Line(change)))));
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // It has no other end.
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static async IAsyncEnumerable<DocumentChange> FollowAsync(
        RagClient client, string collection, DocumentState? state, string batchId, long? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var place = after;
        while (true)
        {
            await using var changes = client.WatchDocumentsAsync(collection, state, batchId, place, sequence => place = sequence, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await MovesAsync(changes))
            {
                yield return changes.Current;
            }

            await Task.Delay(RetryDelay, cancellationToken);
        }
    }

    /// <summary>False when the platform went away: it may be restarting.</summary>
    private static async Task<bool> MovesAsync(IAsyncEnumerator<DocumentChange> changes)
    {
        try
        {
            return await changes.MoveNextAsync();
        }
        catch (RagException failure) when (failure.RetryAfter is not null)
        {
            return false;
        }
    }

    private static async Task EachAsync(IAsyncEnumerable<DocumentChange> changes, Action<DocumentChange> write)
    {
        await foreach (var change in changes)
        {
            write(change);
        }
    }

    /// <summary>The documents that changed last, each with its latest state.</summary>
    private static Task TableAsync(Session session, IAsyncEnumerable<DocumentChange> changes)
    {
        var shown = new List<DocumentChange>();
        return session.Console.Live(Table(shown)).StartAsync(async live =>
        {
            await foreach (var change in changes)
            {
                shown.RemoveAll(one => one.Id == change.Id && one.Collection == change.Collection);
                shown.Insert(0, change);
                if (shown.Count > ShownMax)
                {
                    shown.RemoveAt(ShownMax);
                }

                live.UpdateTarget(Table(shown));
            }
        });
    }

    private static Table Table(List<DocumentChange> shown)
    {
        var table = Rendering.NewTable("at", "document", "collection", "state", "detail");
        foreach (var change in shown)
        {
            table.AddRow(
                Rendering.Time(change.OccurredAt), Rendering.Escape(change.Id), Rendering.Escape(change.Collection), Rendering.Colour(Rendering.Name(change.State)),
                Rendering.Escape(Rendering.Snippet(Detail(change))));
        }

        return table;
    }

    private static string Line(DocumentChange change) =>
        $"{Rendering.Time(change.OccurredAt)}  {change.Collection}/{change.Id}  v{change.Version}  {Rendering.Name(change.State)}  {Rendering.OneLine(Detail(change))}".TrimEnd();

    private static string Detail(DocumentChange change) => change.Failure is { } failure ? $"{failure.Code}: {failure.Reason}" : change.Detail;
}
