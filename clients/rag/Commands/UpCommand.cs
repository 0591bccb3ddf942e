using System.CommandLine;
using RagPlatform.CommandLine.Run;
using RagPlatform.CommandLine.Terminal;
using RagPlatform.Provisioning;

namespace RagPlatform.CommandLine.Commands;

internal static class UpCommand
{
    public static Command Create(Session session)
    {
        var distributed = new Option<bool>("--distributed")
        {
            Description = "Every service its own process, RabbitMQ between them. (Where Docker and the Aspire command line are installed, `aspire run` does the same from AppHost/.)",
        };
        var json = OutputOptions.Json();
        var command = new RagCommand(
            "up",
            "Starts the platform and the dashboard, and leaves them running: all services in one process unless told otherwise.",
            "rag up",
            "rag up --distributed")
        {
            distributed,
            json,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(session, parsed.GetValue(distributed), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Session session, bool isDistributed, bool asJson, CancellationToken cancellationToken)
    {
        var checkout = Checkout.Find(session);
        using var exclusive = await FileLock.AcquireAsync(
            checkout.RunFilePath + ".lock", () => session.Note("Another rag up is starting the platform; waiting for it."), cancellationToken);
        var wanted = isDistributed ? RunState.Distributed : RunState.Standalone;
        var running = RunFile.ReadLive(checkout.RunFilePath);
        if (running is not null && running.Mode != wanted)
        {
            throw new CommandException($"the platform already runs, {running.Mode}.", $"Stop it first: {session.CommandName} down");
        }

        if (running is { Ready: false, Mode: RunState.Distributed })
        {
            // It starts and heals by itself, whoever asked for it: a service that is down for a moment is no reason to stop the others.
            session.Note("The platform is already running, distributed, and not all of its services are ready.");
            running = await DistributedRun.WaitUntilReadyAsync(session, checkout, running, cancellationToken);
        }
        else if (running is { Ready: true })
        {
            session.Note($"The platform is already running, {running.Mode}.");
        }
        else
        {
            // What a start that was interrupted left behind.
            await PlatformStop.StopAsync(checkout, static _ => { }, cancellationToken);
            running = isDistributed
                ? await DistributedRun.StartAsync(session, checkout, cancellationToken)
                : await StandaloneRun.StartAsync(session, checkout, cancellationToken);
            session.Note($"The platform runs, {running.Mode}; its logs are in {checkout.LogDirectory}.");
        }

        Print(session, running, asJson);
        return ExitCode.Ok;
    }

    private static void Print(Session session, RunState run, bool asJson)
    {
        if (asJson)
        {
            session.WriteJson(run);
            return;
        }

        var rag = session.CommandName;
        session.Out.WriteLine($"Gateway    {run.Gateway!.OriginalString} (gRPC, API key: {run.ApiKey})");
        session.Out.WriteLine($"Dashboard  {run.Dashboard?.OriginalString ?? "none"}");
        if (run.Rabbitmq is { } broker)
        {
            session.Out.WriteLine($"Broker     {broker.OriginalString} (drop documents on the queue rag.documents)");
        }

        session.Out.WriteLine();
        session.Out.WriteLine("Next:");
        session.Out.WriteLine($"  {rag} ingest README.md docs");
        session.Out.WriteLine($"  {rag} ask \"How do I run the tests?\"");
        session.Out.WriteLine($"  {rag} status");
    }
}
