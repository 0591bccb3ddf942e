using System.CommandLine;
using System.Globalization;
using RagPlatform.CommandLine.FineTuning;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;
using RagPlatform.Protos.FineTune.V1;
using Spectre.Console;

namespace RagPlatform.CommandLine.Commands.FineTuning;

/// <summary>rag finetune predict, drift and gate.</summary>
internal static class ServingCommands
{
    private const int TextsAtOnce = 256;

    public static RagCommand CreatePredict(Session session)
    {
        var adapter = new Argument<string>("adapter") { Description = "An id, NAME (the promoted one) or NAME:VERSION." };
        var texts = new Argument<string[]>("text") { Description = "What to read. [default: the lines of standard input]", Arity = ArgumentArity.ZeroOrMore };
        var json = OutputOptions.Json();
        var command = new RagCommand(
            "predict", "What an adapter makes of texts: one line of JSON for each.", "rag finetune predict default/tickets \"My card did not arrive\"", "rag finetune predict default/tickets < tickets.txt") { adapter, texts, json };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            IReadOnlyList<string> given = parsed.GetValue(texts) is { Length: > 0 } some ? some : ReadLines(session);
            foreach (var chunk in given.Chunk(TextsAtOnce))
            {
                var answer = await platform.Client.PredictAsync(new PredictRequest { Adapter = parsed.GetValue(adapter), Texts = { chunk } }, cancellationToken);
                session.WriteOr(answer, parsed.GetValue(json), () =>
                {
                    foreach (var prediction in answer.Predictions)
                    {
                        session.Out.WriteLine(session.OutIsTerminal
                            ? string.Create(CultureInfo.InvariantCulture, $"{prediction.Json}  (confidence {prediction.Confidence:0.00}{(prediction.IsOutOfScope ? ", out of scope" : "")})")
                            : prediction.Json);
                    }

                    var strange = answer.Predictions.Count(prediction => prediction.IsOutOfScope);
                    if (strange > 0 && !session.OutIsTerminal)
                    {
                        session.Note($"{Rendering.Count(strange, "text")} of {answer.Predictions.Count} out of scope; --json says which.");
                    }
                });
            }

            return ExitCode.Ok;
        });
        return command;
    }

    public static RagCommand CreateDrift(Session session)
    {
        var adapter = new Argument<string>("adapter") { Description = "An id, NAME or NAME:VERSION." };
        var json = OutputOptions.Json();
        var command = new RagCommand("drift", "Whether what an adapter sees has left what it was trained for, with texts to label. Exits with 1 where it has.", "rag finetune drift default/tickets") { adapter, json };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var drift = await platform.Client.GetDriftAsync(new GetDriftRequest { Adapter = parsed.GetValue(adapter) }, cancellationToken);
            session.WriteOr(drift, parsed.GetValue(json), () =>
            {
                session.Console.MarkupLine($"{(drift.Alert ? "[red]drifting[/]" : "[green]steady[/]")}, by {Rendering.Count(drift.Predictions, "prediction")}");
                foreach (var measure in drift.Measures)
                {
                    session.Console.MarkupLine(
                        $"[grey]{Rendering.Escape(measure.Name)}[/] {JobRendering.Figure(measure.Value)}, expected {JobRendering.Figure(measure.Expected)} ({JobRendering.Figure(measure.Low)} to {JobRendering.Figure(measure.High)})");
                }

                foreach (var example in drift.Examples)
                {
                    session.Out.WriteLine($"to label: {PlainText.Of(example)}");
                }
            });
            return drift.Alert ? ExitCode.Failed : ExitCode.Ok;
        });
        return command;
    }

    public static RagCommand CreateGate(Session session)
    {
        var project = new Argument<string>("project") { Description = "Whose gate.", DefaultValueFactory = _ => "default" };
        var set = new Option<string[]>("--set") { Description = "A limit to change; give it once for each.", HelpName = "NAME=VALUE" };
        var json = OutputOptions.Json();
        var command = new RagCommand("gate", "Shows or changes what a project asks of adapters before they may serve.", "rag finetune gate", "rag finetune gate support --set min_macro_f1=0.9") { project, set, json };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var gate = (await platform.Client.GetGateAsync(new GetGateRequest { Project = parsed.GetValue(project) }, cancellationToken)).Gate;
            if (parsed.GetValue(set) is { Length: > 0 } changes)
            {
                foreach (var change in changes)
                {
                    var parts = change.Split('=', 2);
                    gate.Limits[parts[0]] = parts.Length == 2 && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var limit)
                        ? limit
                        : throw new CommandException($"--set: '{change}' has no name and number.", "Write --set min_macro_f1=0.9.", ExitCode.Usage);
                }

                gate = (await platform.Client.SetGateAsync(new SetGateRequest { Gate = gate }, cancellationToken)).Gate;
            }

            session.WriteOr(gate, parsed.GetValue(json), () => session.RenderSettings(gate.Limits.Select(pair => KeyValuePair.Create(pair.Key, JobRendering.Figure(pair.Value)))));
            return ExitCode.Ok;
        });
        return command;
    }

    private static List<string> ReadLines(Session session)
    {
        using var reader = new StreamReader(session.OpenInput());
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                lines.Add(line);
            }
        }

        return lines;
    }
}
