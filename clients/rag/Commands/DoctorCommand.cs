using System.CommandLine;
using RagPlatform.CommandLine.Doctor;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Run;
using RagPlatform.CommandLine.Terminal;
using Spectre.Console;

namespace RagPlatform.CommandLine.Commands;

internal static class DoctorCommand
{
    public static Command Create(Session session)
    {
        var collection = new Option<string>("--collection", "-c") { Description = "Compare only this collection with its index. [default: all]", HelpName = "NAME", DefaultValueFactory = _ => "" };
        var repair = new Option<bool>("--repair") { Description = "Mend what differs between the registry and the index." };
        var json = OutputOptions.Json();
        var command = new RagCommand(
            "doctor",
            "Examines the platform: services, disk, models, collections, documents, and whether the index holds what the registry says, document by document.",
            "rag doctor", "rag doctor --repair", "rag doctor --json")
        {
            collection, repair, json,
        };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var examination = new Examination(platform.Client, platform.Run is null ? null : Checkout.Find(session).DataDirectory, session.CommandName);
            var findings = await session.ShowAsync("Examining the platform", async report =>
            {
                var found = new List<Finding>();
                await foreach (var finding in examination.RunAsync(parsed.GetValue(collection)!, parsed.GetValue(repair), report, cancellationToken))
                {
                    found.Add(finding);
                }

                return found;
            });
            if (parsed.GetValue(json))
            {
                session.WriteJson(findings);
            }
            else
            {
                Render(session, findings);
            }

            return findings.Exists(finding => finding.Severity == FindingSeverity.Bad) ? ExitCode.Failed : ExitCode.Ok;
        });
        return command;
    }

    private static void Render(Session session, IReadOnlyList<Finding> findings)
    {
        var table = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var finding in findings)
        {
            var (mark, colour) = finding.Severity switch
            {
                FindingSeverity.Good => ("ok", "green"),
                FindingSeverity.Warning => ("note", "yellow"),
                _ => ("bad", "red"),
            };
            var remedy = finding.Remedy.Length > 0 ? $"\n[grey]{Rendering.Escape(finding.Remedy)}[/]" : "";
            table.AddRow($"[{colour}]{mark}[/]", Rendering.Escape(finding.Subject), Rendering.Escape(finding.Summary) + remedy);
        }

        session.Console.Write(table);
    }
}
