using System.CommandLine;
using RagPlatform.CommandLine.FineTuning;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;
using RagPlatform.Protos.FineTune.V1;
using Spectre.Console;

namespace RagPlatform.CommandLine.Commands.FineTuning;

/// <summary>rag finetune validate, estimate and datasets.</summary>
internal static class DatasetCommands
{
    public static RagCommand CreateValidate(Session session)
    {
        var limit = new Option<int>("--limit") { Description = "How many findings at most.", HelpName = "N", DefaultValueFactory = _ => 50 };
        var json = OutputOptions.Json();
        var command = new RagCommand(
            "validate", "Says what is wrong with examples, line by line, what can be learnt of them, and what it would take. Exits with 1 where no job can be made of them.",
            "rag finetune validate tickets.jsonl", "rag finetune validate pairs.jsonl --method retriever --test held-out.jsonl")
        {
            limit, json,
        };
        var options = new TrainingOptions(command);
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var spec = await options.ReadAsync(parsed, session, platform.Client, cancellationToken);
            var found = await session.ShowAsync(
                "Reading the examples.", _ => platform.Client.ValidateDatasetAsync(new ValidateDatasetRequest { Use = spec.Data, MaxFindings = parsed.GetValue(limit) }, cancellationToken));
            if (parsed.GetValue(json))
            {
                session.WriteMessage(found);
            }
            else
            {
                session.Render(found);
            }

            return found.Errors > 0 ? ExitCode.Failed : ExitCode.Ok;
        });
        return command;
    }

    public static RagCommand CreateEstimate(Session session)
    {
        var json = OutputOptions.Json();
        var command = new RagCommand("estimate", "Says what training would take: time, tokens, memory, energy and money.", "rag finetune estimate tickets.jsonl --set epochs=10") { json };
        var options = new TrainingOptions(command);
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var spec = await options.ReadAsync(parsed, session, platform.Client, cancellationToken);
            var estimated = await session.ShowAsync("Estimating.", _ => platform.Client.EstimateJobAsync(new EstimateJobRequest { Job = spec }, cancellationToken));
            if (parsed.GetValue(json))
            {
                session.WriteMessage(estimated);
            }
            else
            {
                session.Render(estimated.Estimate);
                session.RenderSettings(estimated.HyperParameters);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    public static RagCommand CreateDatasets(Session session)
    {
        var json = OutputOptions.Json();
        var limit = OutputOptions.Limit(100);
        var command = new RagCommand("datasets", "Lists the datasets, the newest first.", "rag finetune datasets") { limit, json };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var page = await platform.Client.ListDatasetsAsync(new ListDatasetsRequest { PageSize = Math.Min(parsed.GetValue(limit), 1000) }, cancellationToken);
            if (parsed.GetValue(json))
            {
                session.WriteMessage(page);
                return ExitCode.Ok;
            }

            if (page.Datasets.Count == 0)
            {
                session.Note("There are no datasets; rag finetune train sends one.");
                return ExitCode.Ok;
            }

            var table = Rendering.NewTable("dataset", "name", "format", "lines", "size", "created");
            foreach (var dataset in page.Datasets)
            {
                table.AddRow(
                    Rendering.Escape(dataset.Id), Rendering.Escape(dataset.Name), dataset.Format.ToString().ToLowerInvariant(), Rendering.Number(dataset.Lines),
                    ProgressLine.Size(dataset.Bytes), Rendering.Time(dataset.CreatedAt?.ToDateTimeOffset()));
            }

            session.Console.Write(table);
            return ExitCode.Ok;
        });
        return command;
    }
}
