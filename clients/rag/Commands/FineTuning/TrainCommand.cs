using System.CommandLine;
using RagPlatform.CommandLine.FineTuning;
using RagPlatform.CommandLine.Terminal;
using RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.CommandLine.Commands.FineTuning;

/// <summary>rag finetune train.</summary>
internal static class TrainCommand
{
    public static RagCommand Create(Session session)
    {
        var name = new Option<string>("--name") { Description = "Of the adapter, which is called PROJECT/NAME; promoting it replaces the promoted one of that name. a-z, 0-9 and -, up to 40.", HelpName = "NAME", DefaultValueFactory = _ => "" };
        var project = new Option<string>("--project") { Description = "Whose gate applies. [default: default]", HelpName = "NAME", DefaultValueFactory = _ => "" };
        var priority = new Option<int>("--priority") { Description = "-100 to 100; higher runs first.", HelpName = "N" };
        var collection = new Option<string>("--collection", "-c") { Description = "Where a retriever's hard negatives come from.", HelpName = "NAME", DefaultValueFactory = _ => "" };
        var external = new Option<string>("--command") { Description = "Which of the platform's configured commands trains, for --method command.", HelpName = "NAME", DefaultValueFactory = _ => "" };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait until it is trained." };
        var html = ReportOption();
        var json = OutputOptions.Json();
        var command = new RagCommand(
            "train", "Trains on examples, and shows the loss while it falls. Ctrl-C leaves the job running.",
            "rag finetune train tickets.jsonl --name tickets", "rag finetune train pairs.jsonl --method retriever -c handbook",
            "rag finetune train chat.jsonl --method decoder --model SmolLM2-135M --set lora_rank=16 --html report.html")
        {
            name, project, priority, collection, external, noWait, html, json,
        };
        var options = new TrainingOptions(command);
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            JobFollowing.CheckReport(session, parsed.GetValue(html));
            using var platform = connection.Connect(parsed);
            var spec = await options.ReadAsync(parsed, session, platform.Client, cancellationToken);
            (spec.Suffix, spec.Project, spec.Priority) = (parsed.GetValue(name)!, parsed.GetValue(project)!, parsed.GetValue(priority));
            (spec.Collection, spec.Command) = (parsed.GetValue(collection)!, parsed.GetValue(external)!);
            var job = (await platform.Client.CreateJobAsync(new CreateJobRequest { Spec = spec, RequestId = Guid.NewGuid().ToString("N") }, cancellationToken)).Job;
            session.Note($"Made the job {job.Id}.");
            if (!parsed.GetValue(noWait))
            {
                return await JobFollowing.RunAsync(session, platform.Client, job.Id, parsed.GetValue(json), parsed.GetValue(html), cancellationToken);
            }

            if (parsed.GetValue(json))
            {
                session.WriteMessage(job);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    public static Option<string?> ReportOption() => new("--html") { Description = "Write a report with plots to this file.", HelpName = "FILE" };
}
