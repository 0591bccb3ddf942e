using System.CommandLine;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

internal static class EvalCommand
{
    public static Command Create(Session session) => new RagCommand(
        "eval",
        "Measures how well the platform finds what it should.",
        "rag eval retrieval data/scifact --html report.html")
    {
        EvalCommandRetrieval.Create(session),
        EvalCommandHistory.CreateList(session),
        EvalCommandHistory.CreateCompare(session),
    };
}
