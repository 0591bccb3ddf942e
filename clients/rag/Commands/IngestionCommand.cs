using System.CommandLine;
using System.Globalization;
using RagPlatform.Client;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;
using Spectre.Console;

namespace RagPlatform.CommandLine.Commands;

/// <summary>pause, resume, status and drain.</summary>
internal static class IngestionCommand
{
    private static readonly TimeSpan DrainInterval = TimeSpan.FromSeconds(1);

    public static Command Create(Session session) =>
        new RagCommand("ingestion", "Pauses, resumes and drains the processing of documents. What is paused is still accepted, and waits.", "rag ingestion status", "rag ingestion pause --collection docs")
        {
            CreatePause(session), CreateResume(session), CreateStatus(session), CreateDrain(session),
        };

    private static RagCommand CreatePause(Session session)
    {
        var (collection, all, reason) = (Collection(), All(), Reason());
        return new RagCommand("pause", "Begins nothing more: what was begun is finished, deletions go on.", "rag ingestion pause", "rag ingestion pause --collection docs --reason \"new model tonight\"") { collection, all, reason }
            .Acts(
                session,
                (parsed, client, cancellationToken) => client.PauseIngestionAsync(parsed.GetValue(collection)!, parsed.GetValue(reason)!, parsed.GetValue(all), cancellationToken),
                status => Render(session, status));
    }

    private static RagCommand CreateResume(Session session)
    {
        var (collection, all) = (Collection(), All());
        return new RagCommand("resume", "Lifts a pause: the one of a collection, or the tenant's own. Each is lifted by itself.", "rag ingestion resume", "rag ingestion resume --collection docs") { collection, all }
            .Acts(
                session,
                (parsed, client, cancellationToken) => client.ResumeIngestionAsync(parsed.GetValue(collection)!, parsed.GetValue(all), cancellationToken),
                status => Render(session, status));
    }

    private static RagCommand CreateStatus(Session session)
    {
        var (collection, all) = (Collection(), All());
        return new RagCommand("status", "Shows what waits, what is being worked on, and what is paused.", "rag ingestion status --all-tenants") { collection, all }
            .Acts(
                session,
                (parsed, client, cancellationToken) => client.GetIngestionStatusAsync(parsed.GetValue(collection)!, parsed.GetValue(all), cancellationToken),
                status => Render(session, status));
    }

    private static RagCommand CreateDrain(Session session)
    {
        var (collection, all, reason) = (Collection(), All(), Reason());
        return new RagCommand("drain", "Pauses, and waits until nothing is being worked on. It stays paused; Ctrl-C ends only the waiting.", "rag ingestion drain") { collection, all, reason }
            .Acts(
                session,
                (parsed, client, cancellationToken) => session.ShowAsync(
                    "Draining.", report => DrainAsync(client, parsed.GetValue(collection)!, parsed.GetValue(reason)!, parsed.GetValue(all), report, cancellationToken)),
                status => Render(session, status));
    }

    private static async Task<IngestionStatus> DrainAsync(RagClient client, string collection, string reason, bool all, Action<string> report, CancellationToken cancellationToken)
    {
        var status = await client.PauseIngestionAsync(collection, reason, all, cancellationToken);
        while (status.InFlight > 0 || status.Deleting > 0)
        {
            report(string.Create(CultureInfo.InvariantCulture, $"Draining: {status.InFlight} in flight, {status.Deleting} being deleted."));
            await Task.Delay(DrainInterval, cancellationToken);
            status = await client.GetIngestionStatusAsync(collection, all, cancellationToken);
        }

        return status;
    }

    private static void Render(Session session, IngestionStatus status)
    {
        session.Console.MarkupLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(status.IsPaused ? status.InFlight == 0 ? "[yellow]drained[/]" : "[yellow]paused[/]" : "[green]running[/]")}: {status.Waiting} waiting, {status.InFlight} in flight, {status.Deleting} being deleted, {status.Failed} failed"));
        foreach (var pause in status.Pauses)
        {
            var what = pause.ByOperator ? "all tenants" : pause.Collection.Length > 0 ? pause.Collection : "all collections";
            session.Console.MarkupLine($"  paused: {Rendering.Escape(what)} since {Rendering.Time(pause.Since)}{(pause.Reason.Length > 0 ? $", {Rendering.Escape(pause.Reason)}" : "")}");
        }
    }

    private static Option<string> Collection() => new("--collection", "-c") { Description = "Only this collection. [default: all]", HelpName = "NAME", DefaultValueFactory = _ => "" };

    private static Option<bool> All() => new("--all-tenants") { Description = "Of all tenants; needs an operator's key." };

    private static Option<string> Reason() => new("--reason") { Description = "For those who ask why.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
}
