using System.CommandLine;
using RagPlatform.Client;
using RagPlatform.CommandLine.FineTuning;
using RagPlatform.CommandLine.Terminal;
using RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.CommandLine.Commands.FineTuning;

/// <summary>rag finetune jobs, watch, show, pause, resume and cancel.</summary>
internal static class JobCommands
{
    public static RagCommand CreateJobs(Session session)
    {
        var state = new Option<string?>("--state") { Description = "Only jobs in this state, for example running.", HelpName = "STATE" };
        state.AcceptOnlyFromAmong([.. Enum.GetValues<JobState>().Where(value => value != JobState.Unspecified).Select(value => JobDisplay.Name(value).Replace(' ', '_'))]);
        var limit = OutputOptions.Limit(50);
        var json = OutputOptions.Json();
        var command = new RagCommand("jobs", "Lists the jobs, the newest first.", "rag finetune jobs --state running") { state, limit, json };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var chosen = parsed.GetValue(state) is { } name ? Enum.Parse<JobState>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true) : JobState.Unspecified;
            var page = await platform.Client.ListJobsAsync(new ListJobsRequest { State = chosen, PageSize = Math.Min(parsed.GetValue(limit), 1000) }, cancellationToken);
            if (parsed.GetValue(json))
            {
                session.WriteMessage(page);
            }
            else
            {
                session.Render(page.Jobs);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    public static RagCommand CreateWatch(Session session)
    {
        var html = TrainCommand.ReportOption();
        return Of(
            session, "watch", "Shows a job until it rests, and then what became of it.", "rag finetune watch ftjob-0123456789abcdef01234567",
            (parsed, client, id, json, cancellationToken) => JobFollowing.RunAsync(session, client, id, json, parsed.GetValue(html), cancellationToken), html);
    }

    public static RagCommand CreateShow(Session session)
    {
        var card = new Option<bool>("--card") { Description = "Print the run card, which reproduces the run, as JSON." };
        return Of(
            session, "show", "Shows a job: its settings, how it went, and its adapter.", "rag finetune show ftjob-0123456789abcdef01234567",
            async (parsed, client, id, json, cancellationToken) =>
            {
                if (parsed.GetValue(card))
                {
                    session.Out.WriteLine((await client.GetRunCardAsync(new GetRunCardRequest { Id = id }, cancellationToken)).Json);
                    return ExitCode.Ok;
                }

                var job = (await client.GetJobAsync(new GetJobRequest { Id = id }, cancellationToken)).Job;
                if (json)
                {
                    session.WriteMessage(job);
                    return ExitCode.Ok;
                }

                session.Render(job);
                if (job.State is JobState.Queued or JobState.Running or JobState.Paused)
                {
                    session.Out.WriteLine(JobDisplay.Describe(job));
                }

                session.RenderSettings(job.HyperParameters);
                if (job.Adapter.Length > 0)
                {
                    session.Render(await client.GetAdapterAsync(new GetAdapterRequest { Id = job.Adapter }, cancellationToken));
                }

                return ExitCode.Ok;
            },
            card);
    }

    public static RagCommand CreatePause(Session session) =>
        Change(session, "pause", "Pauses a job at its next step; nothing is lost.", async (client, id, cancellationToken) => (await client.PauseJobAsync(new PauseJobRequest { Id = id }, cancellationToken)).Job);

    public static RagCommand CreateResume(Session session) =>
        Change(session, "resume", "Goes on with a job that is paused, or that failed and has a checkpoint.", async (client, id, cancellationToken) => (await client.ResumeJobAsync(new ResumeJobRequest { Id = id }, cancellationToken)).Job);

    public static RagCommand CreateCancel(Session session) =>
        Change(session, "cancel", "Ends a job for good.", async (client, id, cancellationToken) => (await client.CancelJobAsync(new CancelJobRequest { Id = id }, cancellationToken)).Job);

    private static RagCommand Change(Session session, string name, string description, Func<RagClient, string, CancellationToken, Task<Job>> change) =>
        Of(
            session, name, description, $"rag finetune {name} ftjob-0123456789abcdef01234567",
            async (_, client, id, json, cancellationToken) =>
            {
                var job = await change(client, id, cancellationToken);
                if (json)
                {
                    session.WriteMessage(job);
                }
                else
                {
                    session.Render(job);
                    if (name == "pause" && job.State is JobState.Running)
                    {
                        session.Note("It pauses at its next step.");
                    }
                }

                return ExitCode.Ok;
            });

    private static RagCommand Of(
        Session session, string name, string description, string example, Func<ParseResult, RagClient, string, bool, CancellationToken, Task<int>> run, params Option[] options)
    {
        var id = new Argument<string>("job") { Description = "The job's id." };
        var json = OutputOptions.Json();
        var command = new RagCommand(name, description, example) { id, json };
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            return await run(parsed, platform.Client, parsed.GetValue(id)!, parsed.GetValue(json), cancellationToken);
        });
        return command;
    }
}
