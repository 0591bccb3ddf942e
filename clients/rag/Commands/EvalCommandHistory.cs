using System.CommandLine;
using RagPlatform.CommandLine.Evaluation;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

internal static class EvalCommandHistory
{
    public static Command CreateList(Session session)
    {
        var json = OutputOptions.Json();
        var command = new RagCommand("history", "Lists past evaluations, the latest last.", "rag eval history") { json };
        command.SetAction(parsed =>
        {
            var runs = EvaluationHistory.Of(session).List();
            if (parsed.GetValue(json))
            {
                session.WriteJson(runs);
            }
            else if (runs.Count == 0)
            {
                session.Note("Nothing has been evaluated yet.");
            }
            else
            {
                session.Render(runs);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    public static Command CreateCompare(Session session)
    {
        var first = new Argument<string>("first") { Description = "A run: its id, the beginning of it, last, or last~1 for the one before." };
        var second = new Argument<string>("second") { Description = "The run to compare with it." };
        var json = OutputOptions.Json();
        var command = new RagCommand(
            "compare", "Compares two evaluations of the same queries and says which differences are more than chance.", "rag eval compare last~1 last") { first, second, json };
        command.SetAction(parsed =>
        {
            var history = EvaluationHistory.Of(session);
            var comparison = RunComparison.Of(history.Find(parsed.GetValue(first)!), history.Find(parsed.GetValue(second)!));
            if (parsed.GetValue(json))
            {
                session.WriteJson(comparison);
            }
            else
            {
                session.Render(comparison);
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
