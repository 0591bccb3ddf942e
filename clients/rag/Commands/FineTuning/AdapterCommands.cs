using System.CommandLine;
using RagPlatform.Client;
using RagPlatform.CommandLine.FineTuning;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;
using RagPlatform.Protos.FineTune.V1;
using Spectre.Console;

namespace RagPlatform.CommandLine.Commands.FineTuning;

/// <summary>rag finetune adapters, eval, promote, rollback and retire.</summary>
internal static class AdapterCommands
{
    public static RagCommand CreateAdapters(Session session)
    {
        var name = new Argument<string?>("name") { Description = "Only those of this name, or one: an id, or NAME:VERSION.", Arity = ArgumentArity.ZeroOrOne };
        var history = new Option<bool>("--history") { Description = "Who changed which adapter, when and why." };
        var limit = OutputOptions.Limit(50);
        var json = OutputOptions.Json();
        var command = new RagCommand("adapters", "Lists what was trained, or shows one with its evaluation and its gate.", "rag finetune adapters", "rag finetune adapters default/tickets:2", "rag finetune adapters default/tickets --history") { name, history, limit, json };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var (chosen, asJson, size) = (parsed.GetValue(name) ?? "", parsed.GetValue(json), Math.Min(parsed.GetValue(limit), 1000));
            if (parsed.GetValue(history))
            {
                return Show(session, await platform.Client.ListAdapterChangesAsync(new ListAdapterChangesRequest { Name = chosen, PageSize = size }, cancellationToken), asJson);
            }

            if (chosen.Contains(':', StringComparison.Ordinal) || chosen.StartsWith("adapter-", StringComparison.Ordinal))
            {
                var found = await platform.Client.GetAdapterAsync(new GetAdapterRequest { Id = chosen }, cancellationToken);
                session.WriteOr(found, asJson, () => session.Render(found));
                return ExitCode.Ok;
            }

            return Show(session, await platform.Client.ListAdaptersAsync(new ListAdaptersRequest { Name = chosen, PageSize = size }, cancellationToken), asJson);
        });
        return command;
    }

    public static RagCommand CreateEval(Session session)
    {
        var data = new Argument<string?>("data") { Description = "A file of examples or a dataset's id. [default: what was held out when it was trained]", Arity = ArgumentArity.ZeroOrOne };
        return OfAdapter(
            session, "eval", "Judges an adapter beside its base model and the baselines, and its gate again.", "rag finetune eval default/tickets:2 new-tickets.jsonl", wantsReason: false,
            async (parsed, client, id, _, json, cancellationToken) =>
            {
                var dataset = await DatasetUpload.FindAsync(session, client, parsed.GetValue(data), cancellationToken);
                var judged = await session.ShowAsync("Evaluating.", _ => client.EvaluateAdapterAsync(new EvaluateAdapterRequest { Id = id, Dataset = dataset }, cancellationToken));
                session.WriteOr(judged, json, () =>
                {
                    session.Render(judged.Rows);
                    session.Render(judged.Gate);
                });
                return judged.Gate?.Passed == false ? ExitCode.Failed : ExitCode.Ok;
            },
            data);
    }

    public static RagCommand CreatePromote(Session session) =>
        OfAdapter(
            session, "promote", "Lets an adapter that passed its gate serve its name; requests under way finish on the former one.", "rag finetune promote default/tickets:2 --reason \"new intents\"", wantsReason: true,
            async (_, client, id, reason, json, cancellationToken) =>
            {
                var promoted = await client.PromoteAdapterAsync(new PromoteAdapterRequest { Id = id, Reason = reason }, cancellationToken);
                session.WriteOr(promoted, json, () => session.Out.WriteLine(Serves(promoted.Adapter, promoted.Replaced)));
                return ExitCode.Ok;
            });

    public static RagCommand CreateRollback(Session session) =>
        OfAdapter(
            session, "rollback", "Lets the adapter serve a name that did before.", "rag finetune rollback default/tickets --reason \"too many refunds\"", wantsReason: true,
            async (_, client, name, reason, json, cancellationToken) =>
            {
                var back = await client.RollBackAdapterAsync(new RollBackAdapterRequest { Name = name, Reason = reason }, cancellationToken);
                session.WriteOr(back, json, () => session.Out.WriteLine(Serves(back.Adapter, back.Replaced)));
                return ExitCode.Ok;
            });

    public static RagCommand CreateRetire(Session session) =>
        OfAdapter(
            session, "retire", "Takes an adapter out of service for good.", "rag finetune retire default/tickets:1", wantsReason: true,
            async (_, client, id, reason, json, cancellationToken) =>
            {
                var retired = await client.RetireAdapterAsync(new RetireAdapterRequest { Id = id, Reason = reason }, cancellationToken);
                session.WriteOr(retired, json, () => session.Out.WriteLine($"Retired {retired.Adapter.Name}:{retired.Adapter.Version}."));
                return ExitCode.Ok;
            });

    private static string Serves(Adapter adapter, string replaced) => $"{adapter.Name} is served by version {adapter.Version} ({adapter.Id}){(replaced.Length > 0 ? $" instead of {replaced}" : "")}.";

    private static int Show(Session session, ListAdaptersResponse page, bool json)
    {
        session.WriteOr(page, json, () =>
        {
            var table = Rendering.NewTable("adapter", "name", "version", "method", "state", "size", "created");
            foreach (var adapter in page.Adapters)
            {
                table.AddRow(
                    Rendering.Escape(adapter.Id), Rendering.Escape(adapter.Name), Rendering.Number(adapter.Version), TrainingOptions.Name(adapter.Method), adapter.State.ToString().ToLowerInvariant(),
                    ProgressLine.Size(adapter.Bytes), Rendering.Time(adapter.CreatedAt?.ToDateTimeOffset()));
            }

            if (page.Adapters.Count == 0)
            {
                session.Note("There are no such adapters; rag finetune train makes one.");
            }
            else
            {
                session.Console.Write(table);
            }
        });
        return ExitCode.Ok;
    }

    private static int Show(Session session, ListAdapterChangesResponse page, bool json)
    {
        session.WriteOr(page, json, () =>
        {
            var table = Rendering.NewTable("at", "name", "adapter", "change", "detail");
            foreach (var change in page.Changes)
            {
                table.AddRow(Rendering.Time(change.At?.ToDateTimeOffset()), Rendering.Escape(change.Name), Rendering.Escape(change.Adapter), Rendering.Escape(change.Change.Replace('_', ' ')), Rendering.Escape(Rendering.OneLine(change.Reason)));
            }

            session.Console.Write(table);
        });
        return ExitCode.Ok;
    }

    private static RagCommand OfAdapter(
        Session session, string name, string description, string example, bool wantsReason, Func<ParseResult, RagClient, string, string, bool, CancellationToken, Task<int>> run, params Argument[] arguments)
    {
        var adapter = new Argument<string>("adapter") { Description = "An id, NAME or NAME:VERSION." };
        var reason = new Option<string>("--reason") { Description = "Why; kept in the history.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var json = OutputOptions.Json();
        var command = new RagCommand(name, description, example) { adapter, json };
        foreach (var argument in arguments)
        {
            command.Arguments.Add(argument);
        }

        if (wantsReason)
        {
            command.Options.Add(reason);
        }

        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            return await run(parsed, platform.Client, parsed.GetValue(adapter)!, wantsReason ? parsed.GetValue(reason)! : "", parsed.GetValue(json), cancellationToken);
        });
        return command;
    }
}
